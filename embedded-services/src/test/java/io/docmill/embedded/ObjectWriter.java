package io.docmill.embedded;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes objects into a store of its own until it is killed, and says which were acknowledged. */
final class ObjectWriter {

    private static final int WRITERS = 4;

    private ObjectWriter() {}

    static byte[] content(String key) {
        return key.repeat(5_000).getBytes(StandardCharsets.UTF_8);
    }

    static void main(String[] arguments) throws Exception {
        EmbeddedObjectStore store;
        try {
            store = EmbeddedObjectStore.start(Path.of(arguments[0]));
        } catch (IllegalStateException e) {
            System.out.println("refused " + e.getMessage());
            return;
        }
        StoreClient client = new StoreClient(store);
        AtomicInteger next = new AtomicInteger();
        for (int writer = 0; writer < WRITERS; writer++) {
            Thread.ofPlatform().start(() -> write(client, next));
        }
    }

    private static void write(StoreClient client, AtomicInteger next) {
        try {
            while (true) {
                int number = next.getAndIncrement();
                String key = "folder-" + number % 7 + "/object-" + number;
                client.put(key, content(key), Map.of("key", key), Map.of());
                System.out.println("acknowledged " + key + ";");
            }
        } catch (Exception e) {
            System.out.println("failed " + e);
        }
    }
}
