package io.docmill.gateway.http;

import io.docmill.model.conversion.ConversionOption;
import io.docmill.model.conversion.ConversionTable;
import io.docmill.model.document.DocumentFormat;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /v1/formats}: the table of conversions, from the same source that validates. */
final class FormatHandlers {
    private static final Map<String, Object> TABLE = Map.of(
            "data",
            ConversionTable.sources().stream().map(FormatHandlers::source).toList());

    private FormatHandlers() {}

    static void list(RoutingContext context) {
        Parameters.allow(context);
        Responses.json(context, 200, TABLE).onFailure(context::fail);
    }

    private static Map<String, Object> source(DocumentFormat source) {
        Map<String, Object> body = described(source);
        body.put(
                "targets",
                ConversionTable.targets(source).stream()
                        .map(target -> target(source, target))
                        .toList());
        return body;
    }

    private static Map<String, Object> target(DocumentFormat source, DocumentFormat target) {
        Map<String, Object> body = described(target);
        body.put("options", options(source, target));
        return body;
    }

    private static List<Map<String, Object>> options(DocumentFormat source, DocumentFormat target) {
        return ConversionOption.of(source, target).stream()
                .map(option -> {
                    Map<String, Object> body = new LinkedHashMap<>();
                    body.put("name", option.field());
                    body.put("takes", option.type().description());
                    if (option.defaultValue() != null) {
                        body.put("default", option.defaultValue());
                    }
                    body.put("description", option.description());
                    return body;
                })
                .toList();
    }

    private static Map<String, Object> described(DocumentFormat format) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("format", format.extension());
        body.put("title", format.title());
        body.put("content_type", format.mediaType());
        return body;
    }
}
