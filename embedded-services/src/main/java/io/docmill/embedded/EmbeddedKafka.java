package io.docmill.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker with its controller inside this process, on a directory and a port of 127.0.0.1, with share groups on. Topics are
 * made by the caller: the broker makes none by itself, and dead letter topics neither.
 *
 * <p>What was acknowledged survives a restart on the same directory, also after {@code kill -9}; as Kafka does not sync each
 * message to disk, a power cut may cost the last seconds. A directory serves one process at a time. Kafka ends the
 * whole process when it meets a fault that it can't survive, such as a full disk.
 *
 * <p>Safe for use by several threads; {@link #close()} may be called twice.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);

    /** How often a port that someone else took between choosing and binding it is replaced by another. */
    private static final int PORT_ATTEMPTS = 5;

    private final KafkaRaftServer server;
    private final DirectoryLock lock;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(KafkaRaftServer server, DirectoryLock lock, int port) {
        this.server = server;
        this.lock = lock;
        this.port = port;
    }

    /**
     * Starts a broker on a free port and returns when it takes requests.
     *
     * @param directory made if absent; its messages are served if it has any
     * @throws IllegalStateException if the broker does not start, for instance because another process uses the directory
     */
    public static EmbeddedKafka start(Path directory) {
        return start(directory, LoopbackPort::find, Map.of());
    }

    /**
     * Starts a broker on a given port and returns when it takes requests.
     *
     * @param directory made if absent; its messages are served if it has any
     * @param port 1 to 65535
     * @throws IllegalStateException if the broker does not start: the port is taken, or another process uses the directory
     */
    public static EmbeddedKafka start(Path directory, int port) {
        return start(directory, port, Map.of());
    }

    /**
     * As {@link #start(Path, int)}, with further settings of the broker.
     *
     * @param more Kafka's own names and values; listeners come beside those that the broker has, anything else in their place
     */
    public static EmbeddedKafka start(Path directory, int port, Map<String, String> more) {
        if (!LoopbackPort.isFree(port)) {
            throw new IllegalStateException("Kafka can't start: port " + port + " of " + LoopbackPort.HOST
                    + " is in use. Stop what listens there or choose another port.");
        }
        return start(directory, () -> port, more);
    }

    private static EmbeddedKafka start(Path directory, IntSupplier portChoice, Map<String, String> more) {
        long begin = System.nanoTime();
        Path absolute = directory.toAbsolutePath();
        DirectoryLock lock = lock(absolute);
        try {
            formatIfNew(absolute);
            EmbeddedKafka kafka = start(absolute, lock, portChoice, more, PORT_ATTEMPTS);
            log.info(
                    "Kafka listens on {}, its messages are in {} (started in {} ms).",
                    kafka.bootstrapServers(),
                    absolute,
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            return kafka;
        } catch (RuntimeException e) {
            lock.close();
            throw new IllegalStateException("Kafka can't start on " + absolute + ": " + e.getMessage(), e);
        }
    }

    private static EmbeddedKafka start(
            Path directory, DirectoryLock lock, IntSupplier portChoice, Map<String, String> more, int attempts) {
        int port = portChoice.getAsInt();
        KafkaConfig config =
                KafkaConfig.fromProps(BrokerSettings.of(directory, port, LoopbackPort.find(), more), false);
        KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
        try {
            server.startup();
            return new EmbeddedKafka(server, lock, port);
        } catch (RuntimeException e) {
            server.shutdown();
            if (attempts > 1 && isCausedByTakenPort(e)) {
                return start(directory, lock, portChoice, more, attempts - 1);
            }
            throw e;
        }
    }

    /** Kafka has a lock of its own, but takes it only after its controller has written to the directory. */
    private static DirectoryLock lock(Path directory) {
        try {
            Files.createDirectories(directory);
            return DirectoryLock.take(directory, "Kafka");
        } catch (IOException e) {
            throw new IllegalStateException("Kafka can't start on " + directory + ": " + e.getMessage(), e);
        }
    }

    private static void formatIfNew(Path directory) {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(BrokerSettings.NODE_ID)
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("Kafka can't format " + directory + ": " + e.getMessage(), e);
        }
    }

    private static boolean isCausedByTakenPort(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return true;
            }
        }
        return false;
    }

    /** Where clients connect: {@code 127.0.0.1:<port>}. */
    public String bootstrapServers() {
        return LoopbackPort.HOST + ":" + port;
    }

    /** Signs the broker off and returns when it has ended (usually within a second). Its messages stay. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
            lock.close();
        }
    }
}
