package io.docmill.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands before the gateways: sends each request to the next gateway that said it is ready when it was last asked, and to
 * another one only where the connection was refused, so that nothing had been sent. Thread-safe.
 */
final class LoadBalancer implements AutoCloseable {
    /** What gateways are told that callers call; it exists nowhere. */
    static final String PUBLIC_URL = "http://docmill.test";

    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    static {
        // The client of the JDK repeats a GET whose connection broke, which would hide it from these tests.
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
    }

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ScheduledExecutorService probes = Executors.newScheduledThreadPool(
            2, Thread.ofPlatform().name("probe-", 0).daemon().factory());
    private final List<Backend> backends = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    /** A gateway as it was when it was last asked. */
    private static final class Backend {
        private final ClusterProcess gateway;
        private final URI api;
        private volatile boolean ready;

        private Backend(ClusterProcess gateway, URI api) {
            this.gateway = gateway;
            this.api = api;
        }

        private void ask() {
            ready = gateway.isReady();
        }
    }

    void add(ClusterProcess gateway, URI api) {
        Backend backend = new Backend(gateway, api);
        backends.add(backend);
        var _ = probes.scheduleWithFixedDelay(backend::ask, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Sends a request and gives its answer, whatever that says.
     *
     * @throws UncheckedIOException if the connection broke, or no gateway took it
     */
    Answer send(ClusterRequest request) {
        for (int tries = 0; tries < backends.size(); tries++) {
            Backend backend = next();
            try {
                return Answer.of(client.send(request.to(backend.api), BodyHandlers.ofByteArray()));
            } catch (ConnectException _) {
                backend.ready = false;
                refused.incrementAndGet();
            } catch (IOException e) {
                throw new UncheckedIOException("%s to %s: %s".formatted(request, backend.gateway.name(), e), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
        throw new UncheckedIOException(new IOException(request + " was refused by every gateway"));
    }

    private Backend next() {
        if (backends.stream().noneMatch(backend -> backend.ready)) {
            await("a gateway that is ready")
                    .atMost(PATIENCE)
                    .until(() -> backends.stream().anyMatch(backend -> backend.ready));
        }
        List<Backend> ready = backends.stream().filter(backend -> backend.ready).toList();
        return ready.isEmpty() ? next() : ready.get(Math.floorMod(turn.getAndIncrement(), ready.size()));
    }

    /** How often a gateway refused a connection, so that another one was asked. */
    int refusedConnections() {
        return refused.get();
    }

    @Override
    public void close() {
        probes.shutdownNow();
        client.shutdownNow();
    }
}
