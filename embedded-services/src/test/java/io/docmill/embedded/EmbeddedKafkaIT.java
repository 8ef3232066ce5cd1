package io.docmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

    @TempDir
    Path directory;

    @Test
    void aShareGroupGetsWhatWasSentBeforeItsFirstMember() throws Exception {
        // Given
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            KafkaClients clients = new KafkaClients(kafka);
            clients.makeTopic("jobs");
            clients.startShareGroupAtEarliest("workers");
            clients.send("jobs", "first job");

            // When
            var received = clients.share("workers", "jobs");

            // Then
            assertThat(received).containsExactly("first job");
        }
    }

    @Test
    void messagesOutliveARestart() throws Exception {
        // Given
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            KafkaClients clients = new KafkaClients(kafka);
            clients.makeTopic("jobs");
            clients.send("jobs", "before");
        }

        // When
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            KafkaClients clients = new KafkaClients(kafka);
            clients.send("jobs", "after");

            // Then
            assertThat(clients.readAll("jobs", 2)).containsExactly("before", "after");
        }
    }

    @Test
    void acknowledgedMessagesOutliveAKill() throws Exception {
        // Given
        try (ChildJvm killed = ChildJvm.start(MessageWriter.class, directory.toString())) {
            killed.await("acknowledged");

            // When
            killed.kill("");
        }

        // Then
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            KafkaClients clients = new KafkaClients(kafka);
            clients.send("jobs", "after the kill");
            assertThat(clients.readAll("jobs", 2)).containsExactly("before the kill", "after the kill");
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        // Given
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(LoopbackPort.address(), 0));

            // When / Then
            assertThatThrownBy(() -> EmbeddedKafka.start(directory, other.getLocalPort()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + other.getLocalPort() + " of 127.0.0.1 is in use");
        }
    }

    @Test
    void aDirectoryInUseIsNamed() {
        // Given
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            assertThat(kafka.bootstrapServers()).startsWith("127.0.0.1:");

            // When / Then
            assertThatThrownBy(() -> EmbeddedKafka.start(directory))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory + " is in use by process "
                            + ProcessHandle.current().pid());
        }
    }
}
