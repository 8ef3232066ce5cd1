package io.docmill.platform.storage;

import io.docmill.platform.config.Certificates;
import io.docmill.platform.config.Secret;
import io.docmill.platform.config.StorageSettings;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings by which a test reaches a store.
 *
 * @param publicUrl where others reach it, or null
 * @param trustedCertificates authorities that its certificate may be from
 */
record StoreSettings(
        URI endpoint,
        Secret accessKey,
        Secret secretKey,
        String bucket,
        @Nullable URI publicUrl,
        Optional<Certificates> trustedCertificates)
        implements StorageSettings {
    static StoreSettings of(String endpoint, String accessKey, String secretKey) {
        return new StoreSettings(
                URI.create(endpoint), new Secret(accessKey), new Secret(secretKey), "docmill", null, Optional.empty());
    }

    StoreSettings withEndpoint(String other) {
        return new StoreSettings(URI.create(other), accessKey, secretKey, bucket, publicUrl, trustedCertificates);
    }

    StoreSettings withBucket(String other) {
        return new StoreSettings(endpoint, accessKey, secretKey, other, publicUrl, trustedCertificates);
    }

    StoreSettings withPublicEndpoint(URI other) {
        return new StoreSettings(endpoint, accessKey, secretKey, bucket, other, trustedCertificates);
    }

    StoreSettings withAccount(String name, String secret) {
        return new StoreSettings(
                endpoint, new Secret(name), new Secret(secret), bucket, publicUrl, trustedCertificates);
    }

    StoreSettings withSecretKey(String other) {
        return new StoreSettings(endpoint, accessKey, new Secret(other), bucket, publicUrl, trustedCertificates);
    }

    StoreSettings withTrustedCertificates(Certificates other) {
        return new StoreSettings(endpoint, accessKey, secretKey, bucket, publicUrl, Optional.of(other));
    }

    @Override
    public Optional<URI> publicEndpoint() {
        return Optional.ofNullable(publicUrl);
    }

    @Override
    public String region() {
        return "us-east-1";
    }
}
