package io.docmill.gateway.http;

import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.gateway.conversion.ConversionRequest;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.run.Delivery;
import io.docmill.gateway.run.Run;
import io.docmill.gateway.run.RunService;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.RunFailureRecord;
import io.docmill.model.record.RunRecord;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /v1/runs}: register, deliver or fail, list, look, export, delete. JSON bodies were validated by the contract. */
final class RunHandlers {
    private static final String FORMAT = "format";

    private final RunService runs;
    private final ConversionService conversions;
    private final Uploads uploads;
    private final ConversionAnswers answers;

    RunHandlers(RunService runs, ConversionService conversions, Uploads uploads, ConversionAnswers answers) {
        this.runs = runs;
        this.conversions = conversions;
        this.uploads = uploads;
        this.answers = answers;
    }

    void create(RoutingContext context) {
        Parameters.allow(context);
        JsonObject body = JsonBodies.of(context);
        String kind = body.getString("kind");
        if (!RunRecord.isKind(kind)) {
            throw new ApiException(ApiError.invalidRequest(
                    "'kind' takes 1 to 50 lower-case letters, digits, '_' and '-', such as 'word'."));
        }
        var wanted = new RunService.NewRun(kind, visible(body, "project_id"), body.getString("name"));
        runs.create(Requests.caller(context).scope(), wanted)
                .compose(run -> Responses.json(context, 201, Responses.run(run)))
                .onFailure(context::fail);
    }

    private static @Nullable String visible(JsonObject body, String field) {
        String text = body.getString(field);
        if (text != null && (text.isBlank() || text.codePoints().anyMatch(Character::isISOControl))) {
            throw new ApiException(ApiError.invalidRequest(
                    "'%s' takes 1 to 100 visible characters, none of them a control character.".formatted(field)));
        }
        return text;
    }

    void list(RoutingContext context) {
        Parameters.allow(context, "limit", "cursor");
        SourceId after = Parameters.cursor(context, SourceId.Kind.RUN);
        runs.list(Requests.caller(context).scope(), after, Parameters.limit(context))
                .compose(page -> Responses.json(context, 200, Responses.page(page, Responses::run)))
                .onFailure(context::fail);
    }

    void get(RoutingContext context) {
        Parameters.allow(context);
        runs.find(Requests.caller(context).scope(), runId(context))
                .map(found -> found.orElseThrow(() -> new ApiException(ApiError.notFound())))
                .compose(run -> Responses.json(context, 200, Responses.run(run)))
                .onFailure(context::fail);
    }

    void delete(RoutingContext context) {
        Parameters.allow(context);
        runs.delete(Requests.caller(context).scope(), runId(context))
                .compose(existed -> existed
                        ? context.response().setStatusCode(204).end()
                        : ConversionAnswers.failed(ApiError.notFound()))
                .onFailure(context::fail);
    }

    void putOutput(RoutingContext context) {
        Parameters.allow(context);
        SourceId run = runId(context);
        uploads.receive(context, file -> runs.deliver(Requests.caller(context).scope(), run, file))
                .compose(delivery -> send(context, delivery, ApiError::takesNoOutput))
                .onFailure(context::fail);
    }

    void fail(RoutingContext context) {
        Parameters.allow(context);
        String message = JsonBodies.of(context).getString("message");
        if (message.isBlank() || !RunFailureRecord.holds(message)) {
            throw new ApiException(ApiError.invalidRequest(
                    "'message' takes a text of at most %d bytes, as JSON, that says what went wrong."
                            .formatted(RunFailureRecord.MOST_MESSAGE_BYTES)));
        }
        runs.fail(Requests.caller(context).scope(), runId(context), message)
                .compose(delivery -> send(context, delivery, ApiError::cantFail))
                .onFailure(context::fail);
    }

    private static Future<Void> send(RoutingContext context, Delivery delivery, Function<Run.State, ApiError> ended) {
        return switch (delivery) {
            case Delivery.Accepted(var run) -> Responses.json(context, 200, Responses.run(run));
            case Delivery.RunNotFound() -> ConversionAnswers.failed(ApiError.notFound());
            case Delivery.Refused(var refusal) -> ConversionAnswers.failed(Uploads.error(refusal));
            case Delivery.AlreadyEnded(var run) -> ConversionAnswers.failed(ended.apply(run.state()));
        };
    }

    void export(RoutingContext context) {
        Parameters.allow(context);
        SourceId run = runId(context);
        Preferences preferences = Preferences.of(context);
        Map<String, String> options = options(JsonBodies.of(context));
        String format = options.remove(FORMAT);
        conversions
                .convert(new ConversionRequest(
                        Requests.caller(context).scope(),
                        run,
                        format == null ? "" : format,
                        options,
                        answers.wait(preferences),
                        preferences.waits(),
                        Requests.callerLeft(context),
                        Requests.id(context),
                        Requests.span(context)))
                .compose(answer -> answer instanceof ConversionAnswer.SourceNotFound
                        ? withoutOutput(context, run)
                        : answers.send(context, preferences, answer))
                .onFailure(context::fail);
    }

    /** The options as a form has them; the contract has let only text, numbers and booleans through. */
    private static Map<String, String> options(JsonObject body) {
        Map<String, String> options = new HashMap<>();
        body.forEach(option -> options.put(option.getKey(), String.valueOf(option.getValue())));
        return options;
    }

    private Future<Void> withoutOutput(RoutingContext context, SourceId id) {
        return runs.find(Requests.caller(context).scope(), id)
                .compose(found -> ConversionAnswers.failed(
                        found.map(run -> ApiError.nothingToExport(run.state())).orElseGet(ApiError::notFound)));
    }

    /** A malformed id is the id of nothing. */
    private static SourceId runId(RoutingContext context) {
        return SourceId.parse(Parameters.path(context, "run_id"))
                .filter(id -> id.kind() == SourceId.Kind.RUN)
                .orElseThrow(() -> new ApiException(ApiError.notFound()));
    }
}
