package io.docmill.gateway.http;

import com.github.f4b6a3.ulid.UlidCreator;
import io.docmill.gateway.admission.QueueBusyException;
import io.docmill.gateway.conversion.CallerLeftException;
import io.docmill.gateway.http.form.FormException;
import io.docmill.gateway.http.form.FormProblem;
import io.docmill.gateway.upload.ChecksBusyException;
import io.docmill.model.json.Json;
import io.docmill.platform.queue.QueueUnavailableException;
import io.docmill.platform.storage.StorageUnavailableException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.json.schema.JsonSchemaValidationException;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.ValidatorException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request that failed, in the one form of an error; what was nobody's fault but ours is logged. */
final class ErrorHandler {
    private static final Logger log = LoggerFactory.getLogger(ErrorHandler.class);

    /** How long a refused body is read and dropped, so that a caller who is still sending gets to read the answer. */
    private static final long DRAIN_MILLIS = 2_000;

    /** What Vert.x gives a request whose path or host can't be decoded. */
    private static final int MALFORMED = -1;

    private final Vertx vertx;
    private final AllowedMethods allowedMethods;

    ErrorHandler(Vertx vertx, OpenAPIContract contract) {
        this.vertx = vertx;
        allowedMethods = new AllowedMethods(contract);
    }

    void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            context.request().connection().close();
            return;
        }
        if (!response.headWritten()) {
            Requests.giveId(context);
        }
        ApiError error = error(context);
        if (error == null) {
            context.request().connection().close();
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        for (String header : new String[] {
            "Content-Length", "Content-Type", "Content-Disposition", "ETag", "Content-Range", "Accept-Ranges"
        }) {
            response.headers().remove(header);
        }
        error.headers().forEach(response::putHeader);
        Map<String, Object> body = error.body();
        body.put("request_id", Requests.id(context));
        boolean unread =
                Requests.hasBody(context.request()) && !context.request().isEnded();
        if (unread) {
            response.putHeader("Connection", "close");
        }
        Responses.json(context, error.status(), body).onComplete(_ -> {
            if (unread) {
                closeUnread(context.request());
            } else {
                context.request().resume();
            }
        });
    }

    /** Null if there is nobody to answer. */
    private @Nullable ApiError error(RoutingContext context) {
        Throwable failure = context.failure();
        while (failure instanceof CompletionException && failure.getCause() != null) {
            failure = failure.getCause();
        }
        return switch (failure) {
            case null -> ofStatus(context, context.statusCode());
            case ApiException e -> e.error();
            case FormException e -> ofForm(e.problem());
            case CallerLeftException _ -> null;
            case StorageUnavailableException e -> {
                log.error("Request {} found object storage away: {}", Requests.id(context), e.getMessage());
                yield ApiError.unavailable("Object storage can't be reached at the moment.");
            }
            case QueueUnavailableException e -> {
                log.error("Request {} found the queue away: {}", Requests.id(context), e.getMessage());
                yield ApiError.unavailable("No conversion can be started at the moment.");
            }
            case QueueBusyException e -> ApiError.tooLongQueue(e.expectedWait());
            case ChecksBusyException e -> {
                log.error(
                        "Request {} was refused: {}. If this goes on, look for warnings of checks that were given up.",
                        Requests.id(context),
                        e.getMessage());
                yield ApiError.unavailable("Too many uploads are being checked at the moment.");
            }
            case VertxException _
            when context.request().getHeader("Host") == null ->
                ApiError.invalidRequest("The header 'Host' is missing.");
            case ValidatorException e -> ApiError.invalidRequest(validation(context, e));
            case HttpException e ->
                e.getCause() instanceof ValidatorException validator
                        ? ApiError.invalidRequest(validation(context, validator))
                        : ofStatus(context, e.getStatusCode());
            default -> {
                log.error(
                        "Request {} ({} {}) failed",
                        Requests.id(context),
                        context.request().method(),
                        route(context),
                        failure);
                yield ApiError.internal();
            }
        };
    }

    /** Not the path as it came: a download's is a signed URL. */
    private static String route(RoutingContext context) {
        return context.currentRoute() == null
                ? "no route"
                : String.valueOf(context.currentRoute().getPath());
    }

    /** Answers what is no HTTP, or has a line or headers that are too long, in the same form as every other error. */
    static void answerInvalidRequest(HttpServerRequest request) {
        ApiError error = ApiError.invalidRequest(
                "This is not a well-formed HTTP request, or its first line or headers are too long.");
        Map<String, Object> body = error.body();
        String id = UlidCreator.getMonotonicUlid().toString();
        body.put("request_id", id);
        RequestLog.refused(request, error.status(), id);
        request.response()
                .setStatusCode(error.status())
                .putHeader(Requests.REQUEST_ID_HEADER, id)
                .putHeader("Content-Type", "application/json")
                .putHeader("Connection", "close")
                .end(Buffer.buffer(Json.bytes(body)))
                .onComplete(_ -> request.connection().close());
    }

    private static String validation(RoutingContext context, ValidatorException e) {
        return BodyViolations.describe(context, e.getMessage()).orElseGet(() -> validation(e));
    }

    private static String validation(ValidatorException e) {
        String message = e.getMessage() == null ? "The request does not follow the contract." : e.getMessage();
        return e.getCause() instanceof JsonSchemaValidationException cause && cause.location() != null
                ? message + " (at " + cause.location() + ")"
                : message;
    }

    private static @Nullable ApiError ofForm(FormProblem problem) {
        return switch (problem) {
            case FormProblem.Malformed(var message) -> ApiError.invalidRequest(message);
            case FormProblem.TooLarge(var limit) -> ApiError.payloadTooLarge(limit);
            case FormProblem.WrongContentType(var expected) -> ApiError.unsupportedMediaType(expected);
            case FormProblem.TooSlow(var patience) -> ApiError.requestTimeout(patience);
            case FormProblem.NoRoom() -> ApiError.unavailable("Too many uploads are under way.");
            case FormProblem.BrokenOff() -> null;
        };
    }

    private ApiError ofStatus(RoutingContext context, int status) {
        return switch (status) {
            case MALFORMED, 400 ->
                ApiError.invalidRequest("The request is malformed: its path, its query or its headers.");
            case 404 -> ApiError.noSuchPath();
            case 405 ->
                ApiError.methodNotAllowed(
                        context.request().method().name(), allowedMethods.of(context.normalizedPath()));
            case 406 -> ApiError.notAcceptable("application/json");
            case 413 -> ApiError.payloadTooLarge(JsonBodies.LIMIT.toString());
            case 415 -> ApiError.unsupportedMediaType("the contract says");
            default -> {
                log.error("Request {} failed with status {} and no cause", Requests.id(context), status);
                yield ApiError.internal();
            }
        };
    }

    private void closeUnread(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        request.handler(_ -> {});
        request.endHandler(_ -> request.connection().close());
        request.exceptionHandler(_ -> {});
        request.resume();
        vertx.setTimer(DRAIN_MILLIS, _ -> request.connection().close());
    }
}
