package io.docmill.gateway.http;

import io.docmill.gateway.deadletter.DeadLetters;
import io.docmill.gateway.deadletter.Replay;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.StoredDeadLetter;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /v1/admin/dead-letters}: list, look, replay, drop. */
final class DeadLetterHandlers {
    private final DeadLetters letters;

    DeadLetterHandlers(DeadLetters letters) {
        this.letters = letters;
    }

    void list(RoutingContext context) {
        Parameters.allow(context, "limit", "cursor");
        letters.list(Parameters.cursor(context, AttemptId::parse), Parameters.limit(context))
                .compose(page -> Responses.json(context, 200, Responses.page(page, DeadLetterHandlers::letter)))
                .onFailure(context::fail);
    }

    void get(RoutingContext context) {
        Parameters.allow(context);
        letters.find(id(context))
                .map(found -> found.orElseThrow(() -> new ApiException(ApiError.notFound())))
                .compose(letter -> Responses.json(context, 200, letter(letter)))
                .onFailure(context::fail);
    }

    void drop(RoutingContext context) {
        Parameters.allow(context);
        letters.drop(id(context))
                .compose(existed -> existed
                        ? context.response().setStatusCode(204).end()
                        : ConversionAnswers.failed(ApiError.notFound()))
                .onFailure(context::fail);
    }

    void replay(RoutingContext context) {
        Parameters.allow(context);
        letters.replay(id(context), Requests.callerLeft(context), Requests.id(context), Requests.span(context))
                .compose(replay -> send(context, replay))
                .onFailure(context::fail);
    }

    private static Future<Void> send(RoutingContext context, Replay replay) {
        return switch (replay) {
            case Replay.Accepted(var letter, var attempt) -> {
                context.response()
                        .putHeader(
                                "Location",
                                ConversionAnswers.location(letter.job().conversion(), attempt));
                yield Responses.json(context, 202, accepted(letter.job(), attempt));
            }
            case Replay.NotFound() -> ConversionAnswers.failed(ApiError.notFound());
            case Replay.PasswordGone() -> ConversionAnswers.failed(ApiError.passwordGone());
            case Replay.Refused(var answer) -> ConversionAnswers.failed(ApiError.cantReplay(answer));
        };
    }

    private static Map<String, Object> accepted(ConversionJob job, AttemptId attempt) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("conversion_id", job.conversion().toString());
        body.put("attempt", attempt);
        body.put("scope_id", job.scope());
        return body;
    }

    private static Map<String, Object> letter(StoredDeadLetter letter) {
        ConversionJob job = letter.job();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", job.attempt());
        body.put("scope_id", job.scope());
        body.put("conversion_id", job.conversion().toString());
        body.put("source", Responses.source(job.conversion()));
        body.put("source_format", job.sourceFormat().extension());
        body.put("format", job.format().extension());
        body.put("options", job.options());
        body.put("timeout", job.timeoutSeconds());
        body.put("had_password", letter.hadPassword());
        body.put("failure", letter.failure().failure().label());
        body.put("error", ApiError.of(letter.failure().failure()).body());
        body.put("deliveries", Responses.orNull(letter.deliveries() == 0 ? null : letter.deliveries()));
        body.put("request_id", job.requestId());
        body.put("created_at", job.createdAt());
        body.put("failed_at", letter.failure().failedAt());
        return body;
    }

    /** A malformed id is the id of nothing. */
    private static AttemptId id(RoutingContext context) {
        return AttemptId.parse(Parameters.path(context, "letter_id"))
                .orElseThrow(() -> new ApiException(ApiError.notFound()));
    }
}
