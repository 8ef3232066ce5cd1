package io.docmill.gateway.http;

import io.docmill.gateway.status.ServiceStatus;
import io.docmill.platform.management.Readiness;
import io.docmill.platform.queue.QueueBacklog;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /v1/admin/status}. */
final class StatusHandlers {
    private final ServiceStatus status;

    StatusHandlers(ServiceStatus status) {
        this.status = status;
    }

    void get(RoutingContext context) {
        Parameters.allow(context);
        Readiness.Report readiness = status.readiness();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("version", status.version());
        body.put("ready", readiness.ready());
        body.put("details", readiness.details());
        body.put("waiting_conversions", status.waiting());
        body.put(
                "queue",
                Responses.orNull(status.backlog().map(StatusHandlers::queue).orElse(null)));
        Responses.json(context, 200, body).onFailure(context::fail);
    }

    private static Map<String, Object> queue(QueueBacklog backlog) {
        List<Map<String, Object>> topics = new TreeMap<>(backlog.jobs())
                .entrySet().stream()
                        .map(topic -> Map.<String, Object>of("topic", topic.getKey(), "jobs", topic.getValue()))
                        .toList();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("measured_at", backlog.measuredAt());
        body.put("topics", topics);
        return body;
    }
}
