package io.docmill.gateway.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.json.schema.JsonSchema;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a JSON body, in words. The validator names the keyword of the schema that was violated; a caller wants
 * to know the field and what it takes, which is told here from the contract.
 */
final class BodyViolations {
    /** How the validator names the field, such as {@code at #/kind}. */
    private static final Pattern FIELD = Pattern.compile("#/([^/\\s()]+)");

    private BodyViolations() {}

    /** What is wrong with the body of this request; empty if that is not told by one of its fields. */
    static Optional<String> describe(RoutingContext context, @Nullable String told) {
        JsonSchema schema = schema(context);
        Object content = context.body() == null || context.body().buffer() == null
                ? null
                : context.body().asJsonObject();
        if (schema == null || !(content instanceof JsonObject body) || told == null) {
            return Optional.empty();
        }
        JsonObject properties = schema.get("properties", new JsonObject());
        for (Object required : schema.get("required", new JsonArray())) {
            String name = String.valueOf(required);
            if (!body.containsKey(name)) {
                return Optional.of("'%s' is missing. ".formatted(name) + takes(name, properties.getJsonObject(name)));
            }
        }
        Object others = schema.get("additionalProperties", Boolean.TRUE);
        for (String name : body.fieldNames()) {
            if (!properties.containsKey(name) && Boolean.FALSE.equals(others)) {
                return Optional.of("'%s' is not a field of this call; it takes: %s."
                        .formatted(name, String.join(", ", new TreeSet<>(properties.fieldNames()))));
            }
        }
        Matcher field = FIELD.matcher(told);
        if (!field.find() || !body.containsKey(field.group(1))) {
            return Optional.empty();
        }
        String name = field.group(1);
        return Optional.ofNullable(properties.getJsonObject(name, others instanceof JsonObject other ? other : null))
                .map(property -> takes(name, property));
    }

    private static @Nullable JsonSchema schema(RoutingContext context) {
        Operation operation = JsonBodies.operation(context);
        if (operation == null) {
            return null;
        }
        MediaType json = operation.getRequestBody().getContent().get("application/json");
        return json == null ? null : json.getSchema();
    }

    private static String takes(String name, JsonObject property) {
        String described = property.getString("description", "");
        return "'%s' takes %s.%s".formatted(name, values(property), described.isEmpty() ? "" : " " + described.strip());
    }

    private static String values(JsonObject property) {
        if (property.getJsonArray("enum") != null) {
            return "one of: "
                    + String.join(
                            ", ",
                            property.getJsonArray("enum").stream()
                                    .map(String::valueOf)
                                    .toList());
        }
        Object type = property.getValue("type");
        List<String> words = new ArrayList<>();
        for (Object each : type instanceof JsonArray several ? several : JsonArray.of(type)) {
            words.add(word(String.valueOf(each), property));
        }
        return String.join(" or ", words);
    }

    private static String word(String type, JsonObject property) {
        return switch (type) {
            case "string" ->
                property.containsKey("maxLength")
                        ? "a text of %d to %d characters"
                                .formatted(property.getInteger("minLength", 0), property.getInteger("maxLength"))
                        : "a text";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            case "number" -> "a number";
            default -> type;
        };
    }
}
