package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Callers who go on and on: most ask again for what is converted and download it, some bring a document of their own. Whatever
 * is not the answer of a Docmill in good health is a failure.
 */
final class Load implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int REPEATS_TO_ONE_NEW = 3;

    private final LoadBalancer balancer;
    private final String key;
    private final int refusedBefore;
    private final ScheduledExecutorService callers;
    private final List<String> files = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger converted = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final AtomicInteger later = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();

    /** Docmill said that it can't now, and when to come back. */
    private static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /**
     * What came of it.
     *
     * @param requests all that were sent
     * @param converted documents that were brought, converted and downloaded
     * @param repeated conversions that were asked for again and downloaded
     * @param later conversions that were answered 202 first
     * @param unavailable calls that were answered 503, with the time to come back
     * @param broken connections that ended without an answer
     * @param refused connections that were refused, so that another gateway was asked
     * @param failures what was no good answer, each in words
     */
    record Result(
            int requests,
            int converted,
            int repeated,
            int later,
            int unavailable,
            int broken,
            int refused,
            List<String> failures) {}

    private Load(Cluster cluster, int callers) {
        balancer = cluster.balancer();
        key = cluster.newKey();
        refusedBefore = balancer.refusedConnections();
        this.callers = Executors.newScheduledThreadPool(
                callers, Thread.ofPlatform().name("caller-", 0).daemon().factory());
        for (int i = 0; i < callers; i++) {
            var _ = this.callers.scheduleWithFixedDelay(this::call, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Begins, and returns once each kind of call has succeeded. */
    static Load on(Cluster cluster, int callers) {
        Load load = new Load(cluster, callers);
        load.awaitMore();
        return load;
    }

    /** Waits until some more documents were converted and asked for again, or something failed. */
    void awaitMore() {
        int conversions = converted.get() + 2;
        int repeats = repeated.get() + 5;
        await("more answers")
                .atMost(PATIENCE)
                .until(() -> !failures.isEmpty() || (converted.get() >= conversions && repeated.get() >= repeats));
    }

    private void call() {
        try {
            String known = known();
            if (known == null) {
                bring();
            } else {
                download(convert(known));
                repeated.incrementAndGet();
            }
        } catch (Unavailable _) {
            unavailable.incrementAndGet();
        } catch (UncheckedIOException e) {
            broken.incrementAndGet();
            System.err.println("Under load: " + e.getMessage());
        } catch (RuntimeException | AssertionError e) {
            failures.add(e.toString());
        }
    }

    private @Nullable String known() {
        int size = files.size();
        return size == 0 || ThreadLocalRandom.current().nextInt(REPEATS_TO_ONE_NEW + 1) == 0
                ? null
                : files.get(ThreadLocalRandom.current().nextInt(size));
    }

    private void bring() {
        TestDocument document = TestDocuments.docx(
                "A document under load, number " + ThreadLocalRandom.current().nextLong());
        Answer uploaded = expect(201, ClusterRequest.upload(key, document));
        String file = uploaded.json().path("id").asText();
        download(convert(file));
        files.add(file);
        converted.incrementAndGet();
    }

    private Conversion convert(String file) {
        ClusterRequest request = ClusterRequest.convert(key, file, FormBody.field("format", "pdf"));
        Answer answer = send(request);
        if (answer.status() == 202) {
            later.incrementAndGet();
            answer = balancer.awaitEnd(key, answer);
        }
        if (answer.status() != 200 || !answer.json().path("status").asText().equals("succeeded")) {
            throw new AssertionError(request + ": " + answer);
        }
        return Conversion.of(answer.json());
    }

    /** By any gateway: the URL names the public one. */
    private void download(Conversion conversion) {
        URI url = conversion.downloadUrl();
        Answer content = expect(200, ClusterRequest.get(key, url.getRawPath()));
        String beginning =
                new String(content.bytes(), 0, Math.min(5, content.bytes().length), StandardCharsets.US_ASCII);
        if (!beginning.equals("%PDF-") || content.bytes().length != conversion.size()) {
            throw new AssertionError("not the PDF of %d bytes: %s".formatted(conversion.size(), content));
        }
    }

    private Answer expect(int status, ClusterRequest request) {
        Answer answer = send(request);
        if (answer.status() != status) {
            throw new AssertionError(request + ": " + answer);
        }
        return answer;
    }

    private Answer send(ClusterRequest request) {
        requests.incrementAndGet();
        Answer answer = balancer.send(request);
        if (answer.status() == 503) {
            answer.expectError(503, "unavailable");
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
            throw new Unavailable();
        }
        return answer;
    }

    /** Lets the calls under way end, and gives what came of all. */
    Result end() throws InterruptedException {
        callers.shutdown();
        if (!callers.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            failures.add("a call has not ended");
        }
        return new Result(
                requests.get(),
                converted.get(),
                repeated.get(),
                later.get(),
                unavailable.get(),
                broken.get(),
                balancer.refusedConnections() - refusedBefore,
                List.copyOf(failures));
    }

    @Override
    public void close() {
        callers.shutdownNow();
    }
}
