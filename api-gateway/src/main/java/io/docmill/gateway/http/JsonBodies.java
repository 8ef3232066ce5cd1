package io.docmill.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.docmill.gateway.http.form.BodyPace;
import io.docmill.platform.config.ByteSize;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.ValidatedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * JSON bodies on their way to the contract, which validates what they say. It parses them leniently, so what it would
 * pass over is refused here before: names that are given twice, more than one value, text that is no Unicode.
 */
final class JsonBodies {
    /** The longest body, which is held in memory. */
    static final ByteSize LIMIT = new ByteSize(1_000_000);

    private static final String JSON = "application/json";
    private static final String OPERATION = "docmill.json-operation";

    /** Far more than any call takes, and far less than any stack. */
    private static final int DEEPEST = 50;

    private static final BodyHandler READER = BodyHandler.create(false).setBodyLimit(LIMIT.bytes());
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    private JsonBodies() {}

    /** Has the bodies of all operations that take JSON read and checked: of callers with a key only, and before the contract's own routes. */
    static void readFor(OpenAPIContract contract, Router router, Requests requests, BodyPace pace) {
        for (Operation operation : contract.operations()) {
            if (takesJson(operation)) {
                router.route(operation.getHttpMethod(), path(operation))
                        .handler(context -> {
                            RequestLog.name(context, operation.getOperationId(), operation.getOpenAPIPath());
                            context.next();
                        })
                        .handler(requests::authenticate)
                        .handler(context -> {
                            context.put(OPERATION, operation);
                            read(context, pace);
                        })
                        .handler(JsonBodies::check);
            }
        }
    }

    private static boolean takesJson(Operation operation) {
        return operation.getRequestBody() != null
                && operation.getRequestBody().getContent().containsKey(JSON);
    }

    private static String path(Operation operation) {
        return operation.getOpenAPIPath().replaceAll("\\{([^}]*)}", ":$1");
    }

    /** The body was left unread while the key was looked up. */
    private static void read(RoutingContext context, BodyPace pace) {
        String type = context.request().getHeader("Content-Type");
        if (type == null
                || !type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON)) {
            throw new ApiException(ApiError.unsupportedMediaType(JSON));
        }
        pace.watch(context.request(), () -> context.fail(new ApiException(ApiError.requestTimeout(pace.patience()))));
        READER.handle(context);
        context.request().resume();
    }

    private static void check(RoutingContext context) {
        Buffer body = context.body().buffer();
        try (JsonParser parser = STRICT.createParser(body == null ? new byte[0] : body.getBytes())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new ApiException(ApiError.invalidRequest("The body has to be a JSON object."));
            }
            for (int depth = 1; depth > 0; ) {
                JsonToken token = parser.nextToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING) {
                    requireUnicode(parser.getText());
                }
            }
            if (parser.nextToken() != null) {
                throw new ApiException(
                        ApiError.invalidRequest("The body has to be one JSON object and nothing behind it."));
            }
        } catch (StreamConstraintsException e) {
            throw new ApiException(ApiError.invalidRequest(
                    "The body is nested deeper than %d levels, or has a number or name of absurd length."
                            .formatted(DEEPEST)));
        } catch (JsonProcessingException e) {
            throw new ApiException(ApiError.invalidRequest(notJson(e)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        context.next();
    }

    private static void requireUnicode(String text) {
        if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            throw new ApiException(
                    ApiError.invalidRequest("The body has a text with half a surrogate pair, which is no Unicode."));
        }
    }

    private static String notJson(JsonProcessingException e) {
        String place = e.getLocation() == null
                ? ""
                : " (line %d, column %d)"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        // The parser appends where an object began, which says nothing to a caller.
        String told = e.getOriginalMessage().replaceFirst("(?s) \\(start marker.*", "");
        return "The body is not valid JSON: %s%s.".formatted(told, place);
    }

    /** The operation whose JSON body was read; null if the request has none. */
    static @Nullable Operation operation(RoutingContext context) {
        return context.get(OPERATION);
    }

    /** The body that the contract has found valid. */
    static JsonObject of(RoutingContext context) {
        ValidatedRequest request = context.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
        JsonObject body = request == null ? null : request.getBody().getJsonObject();
        if (body == null) {
            throw new IllegalStateException("the contract does not require a body");
        }
        return body;
    }
}
