package io.docmill.embedded;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Runs a broker of its own, says when a message is acknowledged, and waits to be killed. */
final class MessageWriter {

    private MessageWriter() {}

    static void main(String[] arguments) throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]));
        KafkaClients clients = new KafkaClients(kafka);
        clients.makeTopic("jobs");
        clients.send("jobs", "before the kill");
        System.out.println("acknowledged");
        new CountDownLatch(1).await();
    }
}
