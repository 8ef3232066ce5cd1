package io.docmill.system;

import static org.awaitility.Awaitility.await;

import io.docmill.testing.services.ClusterProcess;
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
    private static final Duration END_LIMIT = Duration.ofMinutes(2);

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
                return send(request, backend);
            } catch (ConnectException _) {
                backend.ready = false;
                refused.incrementAndGet();
            } catch (IOException e) {
                throw broken(request, backend, e);
            }
        }
        throw new UncheckedIOException(new IOException(request + " was refused by every gateway"));
    }

    /** Comes back for a conversion that was answered 202 until it has ended, and gives the last answer. */
    Answer awaitEnd(String key, Answer first) {
        if (first.status() != 202) {
            return first;
        }
        ClusterRequest look = ClusterRequest.get(key, first.header("Location"));
        return await("end of " + look)
                .atMost(END_LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> send(look),
                        answer -> !List.of("queued", "running")
                                .contains(answer.json().path("status").asText()));
    }

    /** Sends a request to this gateway, be it ready or not. */
    Answer sendTo(ClusterProcess gateway, ClusterRequest request) {
        Backend backend = backends.stream()
                .filter(candidate -> candidate.gateway == gateway)
                .findAny()
                .orElseThrow();
        try {
            return send(request, backend);
        } catch (IOException e) {
            throw broken(request, backend, e);
        }
    }

    private Answer send(ClusterRequest request, Backend backend) throws IOException {
        try {
            return Answer.of(client.send(request.to(backend.api), BodyHandlers.ofByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static UncheckedIOException broken(ClusterRequest request, Backend backend, IOException e) {
        return new UncheckedIOException("%s to %s: %s".formatted(request, backend.gateway.name(), e), e);
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
