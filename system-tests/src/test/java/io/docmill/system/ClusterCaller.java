package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.services.ClusterProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Who calls a cluster with a key of its own, and says which gateway it calls. Everything is converted to PDF. Thread-safe. */
final class ClusterCaller {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final LoadBalancer balancer;
    private final String key;

    private ClusterCaller(LoadBalancer balancer, String key) {
        this.balancer = balancer;
        this.key = key;
    }

    /** In a new scope, in which there is nothing yet. */
    static ClusterCaller of(Cluster cluster) {
        return new ClusterCaller(cluster.balancer(), cluster.newKey());
    }

    /** With a key that exists. */
    static ClusterCaller of(Cluster cluster, String key) {
        return new ClusterCaller(cluster.balancer(), key);
    }

    /** The key that calls are made with. */
    String key() {
        return key;
    }

    /** Uploads a document that must be taken, and gives the file's id. */
    String upload(TestDocument document) {
        Answer answer = balancer.send(ClusterRequest.upload(key, document));
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    /** Waits for the conversion as long as a call does. */
    Answer convert(ClusterProcess gateway, String file, FormBody.Field... options) {
        return balancer.sendTo(gateway, conversion(file, options));
    }

    /** The same without holding up the test. */
    CompletableFuture<Answer> converting(ClusterProcess gateway, String file, FormBody.Field... options) {
        return CompletableFuture.supplyAsync(() -> convert(gateway, file, options), THREADS);
    }

    /** Waits as the caller prefers by the header {@code Prefer}. */
    Answer convertPreferring(ClusterProcess gateway, String file, String preference) {
        return balancer.sendTo(gateway, conversion(file).withHeader("Prefer", preference));
    }

    /** Uploads and converts in one call. */
    Answer convertInOneCall(ClusterProcess gateway, TestDocument document) {
        return balancer.sendTo(
                gateway, ClusterRequest.convertInOneCall(key, document, FormBody.field("format", "pdf")));
    }

    /** The file that an answer tells of the conversion of. */
    String fileOf(Answer conversion) {
        return conversion.json().path("source").path("id").asText();
    }

    /** Only has the conversion begun: the answer must be 202. */
    Answer begin(ClusterProcess gateway, String file, FormBody.Field... options) {
        Answer accepted = balancer.sendTo(gateway, conversion(file, options).withoutWaiting());
        assertThat(accepted.status()).as("%s", accepted).isEqualTo(202);
        return accepted;
    }

    private ClusterRequest conversion(String file, FormBody.Field... options) {
        return ClusterRequest.convert(
                key,
                file,
                Stream.concat(Stream.of(FormBody.field("format", "pdf")), Stream.of(options))
                        .toArray(FormBody.Field[]::new));
    }

    /** Looks where a 202 says. */
    Answer look(ClusterProcess gateway, Answer accepted) {
        return get(gateway, accepted.header("Location"));
    }

    Answer get(ClusterProcess gateway, String path) {
        return balancer.sendTo(gateway, ClusterRequest.get(key, path));
    }

    Answer delete(ClusterProcess gateway, String path) {
        return balancer.sendTo(gateway, ClusterRequest.delete(key, path));
    }

    /** Cancels what a 202 told of. */
    Answer cancel(ClusterProcess gateway, Answer accepted) {
        return delete(gateway, accepted.header("Location"));
    }

    /** Looks until a conversion is in this state, and gives that answer. */
    Answer awaitState(ClusterProcess gateway, Answer accepted, String state) {
        return awaitState(gateway, accepted.header("Location"), state);
    }

    /** As {@link #awaitState(ClusterProcess, Answer, String)}, by where to look. */
    Answer awaitState(ClusterProcess gateway, String path, String state) {
        return Awaitility.await("a conversion that is " + state)
                .pollInterval(Duration.ofMillis(100))
                .atMost(PATIENCE)
                .until(() -> get(gateway, path), answer -> status(answer).equals(state));
    }

    /** The answer to a call that must succeed; one that was told to come back comes back. */
    Answer succeeded(CompletableFuture<Answer> call) {
        assertThat(call).succeedsWithin(PATIENCE);
        Answer answer = balancer.awaitEnd(key, call.join());
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(status(answer)).as("%s", answer).isEqualTo("succeeded");
        return answer;
    }

    static String status(Answer answer) {
        return answer.json().path("status").asText();
    }

    static String attempt(Answer answer) {
        return answer.json().path("attempt").asText();
    }
}
