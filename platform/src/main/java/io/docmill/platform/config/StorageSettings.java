package io.docmill.platform.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where object storage is. */
public interface StorageSettings {
    /** The S3 server, such as {@code http://minio:9000} or {@code https://minio:9000}. */
    URI endpoint();

    /** Where callers reach the same server. When set, downloads are presigned for it; without it the gateway serves them. */
    Optional<URI> publicEndpoint();

    /** The region that requests are signed for. */
    @WithDefault("us-east-1")
    String region();

    /** The bucket of everything. Made if it does not exist and the account may do so. */
    @WithDefault("docmill")
    String bucket();

    /** The account's access key. */
    Secret accessKey();

    /** The account's secret key. */
    Secret secretKey();

    /** Authorities that are trusted besides Java's own: PEM. Without it {@code DOCMILL_TRUSTED_CERTIFICATES}. */
    Optional<Certificates> trustedCertificates();
}
