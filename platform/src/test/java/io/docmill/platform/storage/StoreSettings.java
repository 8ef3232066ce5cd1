package io.docmill.platform.storage;

import io.docmill.platform.config.Secret;
import io.docmill.platform.config.StorageSettings;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings by which a test reaches a store.
 *
 * @param publicUrl where others reach it, or null
 */
record StoreSettings(
        URI endpoint,
        Secret accessKey,
        Secret secretKey,
        String bucket,
        @Nullable URI publicUrl) implements StorageSettings {
    static StoreSettings of(String endpoint, String accessKey, String secretKey) {
        return new StoreSettings(URI.create(endpoint), new Secret(accessKey), new Secret(secretKey), "docmill", null);
    }

    StoreSettings withEndpoint(String other) {
        return new StoreSettings(URI.create(other), accessKey, secretKey, bucket, publicUrl);
    }

    StoreSettings withBucket(String other) {
        return new StoreSettings(endpoint, accessKey, secretKey, other, publicUrl);
    }

    StoreSettings withPublicEndpoint(URI other) {
        return new StoreSettings(endpoint, accessKey, secretKey, bucket, other);
    }

    StoreSettings withSecretKey(String other) {
        return new StoreSettings(endpoint, accessKey, new Secret(other), bucket, publicUrl);
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
