package io.docmill.platform.storage;

import io.docmill.embedded.EmbeddedObjectStore;
import io.docmill.embedded.ObjectStoreCredentials;
import io.docmill.testing.services.TestCertificate;
import java.nio.file.Path;

/** A running store, in a directory of its own. Closing it ends it. */
interface StoreUnderTest extends AutoCloseable {
    /** How it is reached, with the bucket {@code docmill}, which is still to be made. */
    StoreSettings settings();

    @Override
    void close();

    /** The store of the one-machine system, in this process. */
    static StoreUnderTest embedded(Path directory) {
        return embedded(EmbeddedObjectStore.start(directory));
    }

    /** The same by HTTPS. */
    static StoreUnderTest embedded(Path directory, TestCertificate certificate) {
        ObjectStoreCredentials credentials = new ObjectStoreCredentials("docmill-test", "a secret of a test");
        return embedded(EmbeddedObjectStore.start(directory, 0, credentials, certificate.serverContext()));
    }

    private static StoreUnderTest embedded(EmbeddedObjectStore store) {
        return new StoreUnderTest() {
            @Override
            public StoreSettings settings() {
                return StoreSettings.of(store.endpoint(), store.accessKey(), store.secretKey());
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }
}
