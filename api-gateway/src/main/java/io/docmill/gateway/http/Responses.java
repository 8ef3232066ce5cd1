package io.docmill.gateway.http;

import com.fasterxml.jackson.databind.node.NullNode;
import io.docmill.gateway.conversion.ConversionView;
import io.docmill.gateway.file.FileService.StoredFile;
import io.docmill.gateway.list.Page;
import io.docmill.gateway.run.Run;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionTable;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.SourceId;
import io.docmill.model.json.Json;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bodies of answers, as the contract describes them. */
final class Responses {
    private Responses() {}

    static Future<Void> json(RoutingContext context, int status, Object body) {
        return context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(Buffer.buffer(Json.bytes(body)));
    }

    static <T> Map<String, Object> page(Page<T> page, Function<T, Map<String, Object>> item) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("data", page.items().stream().map(item).toList());
        body.put("next_cursor", page.next());
        return body;
    }

    static Map<String, Object> file(StoredFile file) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", file.id());
        body.putAll(described(file.record()));
        return body;
    }

    private static Map<String, Object> described(FileRecord record) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", record.name());
        body.put("format", record.format().extension());
        body.put("size", record.size());
        body.put("sha256", record.sha256());
        body.put("created_at", record.createdAt());
        body.put("targets", extensions(ConversionTable.targets(record.format())));
        return body;
    }

    /** What is not known of a run is null, not absent. */
    static Map<String, Object> run(Run run) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", run.id());
        body.put("kind", run.record().kind());
        body.put("project_id", run.record().projectId());
        body.put("name", run.record().name());
        switch (run.state()) {
            case Run.Queued() -> put(body, "queued", null, null, null);
            case Run.Completed(var output) -> put(body, "completed", described(output), null, output.createdAt());
            case Run.Failed(var failure) ->
                put(body, "failed", null, ApiError.of(failure).body(), failure.failedAt());
        }
        body.put("created_at", run.record().createdAt());
        body.replaceAll((_, value) -> orNull(value));
        return body;
    }

    /** A value, or a null that is told. */
    static Object orNull(@Nullable Object value) {
        return value == null ? NullNode.getInstance() : value;
    }

    private static void put(
            Map<String, Object> body,
            String status,
            @Nullable Map<String, Object> output,
            @Nullable Map<String, Object> error,
            @Nullable Instant completedAt) {
        body.put("status", status);
        body.put("output", output);
        body.put("error", error);
        body.put("completed_at", completedAt);
    }

    static List<String> extensions(List<DocumentFormat> formats) {
        return formats.stream().map(DocumentFormat::extension).toList();
    }

    static Map<String, Object> conversion(ConversionView view, String baseUrl) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", view.id());
        body.put("status", status(view));
        body.put("source", source(view.id()));
        switch (view) {
            case ConversionView.Succeeded succeeded -> put(body, succeeded, baseUrl);
            case ConversionView.Failed failed -> put(body, failed.failure());
            case ConversionView.Pending pending -> {
                body.put("format", pending.format().extension());
                body.put("options", pending.options());
                body.put("cached", false);
                body.put("attempt", pending.attempt());
                body.put("created_at", pending.createdAt());
                body.put("started_at", pending.startedAt());
            }
        }
        body.values().removeIf(Objects::isNull);
        return body;
    }

    private static void put(Map<String, Object> body, FailureRecord failure) {
        body.put("format", failure.format().extension());
        body.put("options", failure.options());
        body.put("cached", false);
        body.put("attempt", failure.attempt());
        body.put("error", ApiError.of(failure.failure()).body());
        body.put("created_at", failure.createdAt());
        body.put("started_at", failure.startedAt());
        body.put("completed_at", failure.failedAt());
    }

    private static void put(Map<String, Object> body, ConversionView.Succeeded succeeded, String baseUrl) {
        var artifact = succeeded.artifact();
        body.put("format", artifact.format().extension());
        body.put("options", artifact.options());
        body.put("cached", succeeded.cached());
        body.put("download_url", succeeded.location().url(baseUrl));
        body.put("expires_at", succeeded.location().expiresAt());
        body.put("content_type", artifact.contentType());
        body.put("size", artifact.size());
        body.put("pages", artifact.pages());
        body.put("engine", artifact.engine());
        body.put("attempt", artifact.attempt());
        body.put("created_at", artifact.createdAt());
        body.put("started_at", artifact.startedAt());
        body.put("completed_at", artifact.completedAt());
    }

    private static String status(ConversionView view) {
        return switch (view) {
            case ConversionView.Succeeded _ -> "succeeded";
            case ConversionView.Failed failed ->
                failed.failure().failure() instanceof ConversionFailure.Canceled ? "canceled" : "failed";
            case ConversionView.Pending pending -> pending.startedAt() == null ? "queued" : "running";
        };
    }

    static Map<String, Object> source(ConversionId id) {
        SourceId source = id.source();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", source.kind().name().toLowerCase(Locale.ROOT));
        body.put("id", source);
        return body;
    }
}
