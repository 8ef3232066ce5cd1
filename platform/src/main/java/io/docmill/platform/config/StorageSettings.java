package io.docmill.platform.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where object storage is. */
public interface StorageSettings {
    /** Base URL of the S3 server, such as {@code http://minio:9000}. */
    URI endpoint();

    /**
     * Base URL under which callers reach the same server. When set, downloads are presigned for it; when absent, the
     * gateway itself serves them.
     */
    Optional<URI> publicEndpoint();

    /** Region that requests are signed for. */
    @WithDefault("us-east-1")
    String region();

    /** The bucket that holds everything. It is made if it does not exist and the account may do so. */
    @WithDefault("docmill")
    String bucket();

    Secret accessKey();

    Secret secretKey();
}
