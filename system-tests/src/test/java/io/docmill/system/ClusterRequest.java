package io.docmill.system;

import io.docmill.testing.documents.TestDocument;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;

/** A request of the API that any gateway can be sent: all but the host. */
record ClusterRequest(String key, String method, String path, String contentType, BodyPublisher body) {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    static ClusterRequest newKey(String operatorKey) {
        String body = "{\"name\": \"system test\", \"scope\": \"personal\"}";
        return new ClusterRequest(
                operatorKey, "POST", "/v1/admin/keys", "application/json", BodyPublishers.ofString(body));
    }

    static ClusterRequest upload(String key, TestDocument document) {
        FormBody form = FormBody.upload("file", document);
        return new ClusterRequest(
                key, "POST", "/v1/files", form.contentType(), BodyPublishers.ofByteArray(form.content()));
    }

    static ClusterRequest convert(String key, String fileId, FormBody.Field... fields) {
        FormBody form = FormBody.urlEncoded(fields);
        return new ClusterRequest(
                key,
                "POST",
                "/v1/files/%s/convert".formatted(fileId),
                form.contentType(),
                BodyPublishers.ofByteArray(form.content()));
    }

    static ClusterRequest get(String key, String path) {
        return new ClusterRequest(key, "GET", path, "", BodyPublishers.noBody());
    }

    HttpRequest to(URI gateway) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(LIMIT)
                .header("X-API-Key", key)
                .method(method, body);
        return contentType.isEmpty()
                ? request.build()
                : request.header("Content-Type", contentType).build();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
