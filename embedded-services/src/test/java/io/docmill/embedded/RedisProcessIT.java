package io.docmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisProcessIT {

    @TempDir
    Path directory;

    @Test
    void answersWithItsPasswordOnly() throws Exception {
        // Given
        try (RedisProcess redis = RedisProcess.start(directory)) {
            // When
            String unknown = answer(redis, "PING\r\n");
            String known = answer(redis, "AUTH " + redis.password() + "\r\nPING\r\n");

            // Then
            assertThat(unknown).startsWith("-NOAUTH");
            assertThat(known).isEqualTo("+OK\r\n+PONG\r\n");
            assertThat(commandLine(redis)).doesNotContain(redis.password());
        }
    }

    @Test
    void boundsItsMemoryAndKeepsNothing() throws Exception {
        // Given
        try (RedisProcess redis = RedisProcess.start(directory)) {
            // When
            String configuration = answer(
                    redis,
                    "AUTH " + redis.password() + "\r\nCONFIG GET maxmemory*\r\nCONFIG GET save\r\nCONFIG GET dir\r\n");

            // Then
            assertThat(configuration).contains("268435456", "allkeys-lru", directory.toString());
            assertThat(configuration).contains("save\r\n$0\r\n");
        }
        assertThat(directory.resolve("dump.rdb")).doesNotExist();
    }

    @Test
    void endsWhenClosed() {
        // Given
        RedisProcess redis = RedisProcess.start(directory);

        // When
        redis.close();
        redis.close();

        // Then
        assertThat(redis.isAlive()).isFalse();
        assertThat(ProcessHandle.of(redis.pid())).isEmpty();
    }

    @Test
    void outlivesTheThreadThatStartedIt() throws Exception {
        // Given
        AtomicReference<RedisProcess> started = new AtomicReference<>();
        Thread starter = Thread.ofPlatform().start(() -> started.set(RedisProcess.start(directory)));

        // When
        starter.join();

        // Then
        try (RedisProcess redis = started.get()) {
            assertThat(answer(redis, "AUTH " + redis.password() + "\r\nPING\r\n"))
                    .isEqualTo("+OK\r\n+PONG\r\n");
            assertThat(redis.isAlive()).isTrue();
        }
    }

    @Test
    void endsWithAProcessThatIsKilled() throws Exception {
        // Given
        try (ChildJvm parent = ChildJvm.start(RedisParent.class, directory.toString())) {
            long pid = Long.parseLong(parent.await("pid "));
            assertThat(ProcessHandle.of(pid)).isPresent();

            // When
            parent.kill("");

            // Then
            await().untilAsserted(() -> assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive))
                    .isEmpty());
        }
    }

    private static String answer(RedisProcess redis, String commands) throws IOException {
        try (Socket socket = new Socket(LoopbackPort.address(), redis.port())) {
            socket.getOutputStream().write((commands + "QUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(0, answer.length() - "+OK\r\n".length());
        }
    }

    private static String commandLine(RedisProcess redis) throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(redis.pid()), "cmdline"));
    }
}
