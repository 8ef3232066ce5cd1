package io.docmill.platform.storage;

import io.docmill.embedded.EmbeddedObjectStore;
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
    static StoreSettings of(EmbeddedObjectStore store) {
        return new StoreSettings(
                URI.create(store.endpoint()),
                new Secret(store.accessKey()),
                new Secret(store.secretKey()),
                "docmill",
                null);
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
