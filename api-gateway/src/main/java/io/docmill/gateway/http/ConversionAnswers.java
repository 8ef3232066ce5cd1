package io.docmill.gateway.http;

import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.gateway.conversion.ConversionView;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** How calls that convert are answered, whatever they convert. */
final class ConversionAnswers {
    private static final int RETRY_AFTER_SECONDS = 2;

    private final Requests requests;
    private final Duration waitLimit;

    ConversionAnswers(Requests requests, Duration waitLimit) {
        this.requests = requests;
        this.waitLimit = waitLimit;
    }

    /** How long a call waits for its conversion. */
    Duration wait(Preferences preferences) {
        return preferences.waitWithin(waitLimit);
    }

    /** Answers with the conversion, its error, or where to look for it later. */
    Future<Void> send(RoutingContext context, Preferences preferences, ConversionAnswer answer) {
        return switch (answer) {
            case ConversionAnswer.SourceNotFound _,
                    ConversionAnswer.UnsupportedPair _,
                    ConversionAnswer.InvalidOptions _,
                    ConversionAnswer.Answered(ConversionView.Failed _) -> failed(error(answer));
            case ConversionAnswer.Answered(ConversionView.Succeeded succeeded) -> {
                tellApplied(context, preferences, false);
                yield json(context, 200, succeeded);
            }
            case ConversionAnswer.Answered(ConversionView.Pending pending) -> {
                tellApplied(context, preferences, true);
                context.response()
                        .putHeader("Location", location(pending.id(), pending.attempt()))
                        .putHeader("Retry-After", String.valueOf(RETRY_AFTER_SECONDS));
                yield json(context, 202, pending);
            }
        };
    }

    /** Where to look at an attempt. */
    static String location(ConversionId conversion, AttemptId attempt) {
        return "/v1/conversions/%s?attempt=%s".formatted(conversion, attempt);
    }

    /**
     * The error that an answer comes to.
     *
     * @throws IllegalArgumentException if it is none
     */
    static ApiError error(ConversionAnswer answer) {
        return switch (answer) {
            case ConversionAnswer.SourceNotFound() -> ApiError.notFound();
            case ConversionAnswer.UnsupportedPair(var source, var target) -> ApiError.unsupportedPair(source, target);
            case ConversionAnswer.InvalidOptions(var violations) -> ApiError.invalidRequest(violations);
            case ConversionAnswer.Answered(ConversionView.Failed failed) ->
                ApiError.of(failed.failure().failure());
            case ConversionAnswer.Answered _ -> throw new IllegalArgumentException("no error: " + answer);
        };
    }

    /** Tells which preferences were honoured (RFC 7240). */
    void tellApplied(RoutingContext context, Preferences preferences, boolean answeredAsync) {
        preferences
                .applied(waitLimit, answeredAsync)
                .ifPresent(applied -> context.response().putHeader("Preference-Applied", applied));
    }

    /** Answers with a conversion as it stands. */
    Future<Void> json(RoutingContext context, int status, ConversionView view) {
        return Responses.json(context, status, Responses.conversion(view, requests.baseUrl(context)));
    }

    static Future<Void> failed(ApiError error) {
        return Future.failedFuture(new ApiException(error));
    }
}
