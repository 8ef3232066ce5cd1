package io.docmill.testing.services;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.embedded.EmbeddedObjectStore;
import io.docmill.embedded.ObjectStoreCredentials;
import java.nio.file.Path;

/** Kafka or the store as a process of its own, until SIGTERM. */
final class EmbeddedServiceMain {
    /** What it says once it takes requests. */
    static final String SIGN = "The service takes requests.";

    private EmbeddedServiceMain() {}

    /** Arguments: {@code kafka}, directory, port; or {@code store}, directory, port, access key, secret key. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[1]);
        int port = Integer.parseInt(arguments[2]);
        AutoCloseable service = switch (arguments[0]) {
            case "kafka" -> EmbeddedKafka.start(directory, port);
            case "store" ->
                EmbeddedObjectStore.start(directory, port, new ObjectStoreCredentials(arguments[3], arguments[4]));
            default -> throw new IllegalArgumentException("there is no service " + arguments[0]);
        };
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                service.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }));
        System.out.println(SIGN);
    }
}
