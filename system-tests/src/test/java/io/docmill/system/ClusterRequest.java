package io.docmill.system;

import io.docmill.testing.documents.TestDocument;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A request of the API that any gateway can be sent: all but the host. */
record ClusterRequest(String key, String method, String path, Map<String, String> headers, BodyPublisher body) {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    static ClusterRequest newKey(String operatorKey) {
        String body = "{\"name\": \"system test\", \"scope\": \"personal\"}";
        return new ClusterRequest(
                operatorKey, "POST", "/v1/admin/keys", content("application/json"), BodyPublishers.ofString(body));
    }

    static ClusterRequest upload(String key, TestDocument document) {
        FormBody form = FormBody.upload("file", document);
        return new ClusterRequest(
                key, "POST", "/v1/files", content(form.contentType()), BodyPublishers.ofByteArray(form.content()));
    }

    static ClusterRequest convertInOneCall(String key, TestDocument document, FormBody.Field... fields) {
        FormBody form = FormBody.upload(document, fields);
        return new ClusterRequest(
                key, "POST", "/v1/convert", content(form.contentType()), BodyPublishers.ofByteArray(form.content()));
    }

    static ClusterRequest convert(String key, String fileId, FormBody.Field... fields) {
        FormBody form = FormBody.urlEncoded(fields);
        return new ClusterRequest(
                key,
                "POST",
                "/v1/files/%s/convert".formatted(fileId),
                content(form.contentType()),
                BodyPublishers.ofByteArray(form.content()));
    }

    static ClusterRequest get(String key, String path) {
        return new ClusterRequest(key, "GET", path, Map.of(), BodyPublishers.noBody());
    }

    static ClusterRequest delete(String key, String path) {
        return new ClusterRequest(key, "DELETE", path, Map.of(), BodyPublishers.noBody());
    }

    private static Map<String, String> content(String type) {
        return Map.of("Content-Type", type);
    }

    /** The same, answered at once with where to look. */
    ClusterRequest withoutWaiting() {
        return withHeader("Prefer", "respond-async");
    }

    /** The same with one header more. */
    ClusterRequest withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new ClusterRequest(key, method, path, more, body);
    }

    HttpRequest to(URI gateway) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(LIMIT)
                .header("X-API-Key", key)
                .method(method, body);
        headers.forEach(request::header);
        return request.build();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
