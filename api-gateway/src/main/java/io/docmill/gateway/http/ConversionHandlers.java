package io.docmill.gateway.http;

import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.gateway.conversion.ConversionRequest;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.conversion.ConversionView;
import io.docmill.gateway.http.form.FormReader;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/files/{id}/convert} and {@code /v1/conversions}. */
final class ConversionHandlers {
    private static final String FORMAT = "format";
    private static final int RETRY_AFTER_SECONDS = 2;

    private final ConversionService conversions;
    private final FormReader forms;
    private final Requests requests;
    private final Duration waitLimit;

    ConversionHandlers(ConversionService conversions, FormReader forms, Requests requests, Duration waitLimit) {
        this.conversions = conversions;
        this.forms = forms;
        this.requests = requests;
        this.waitLimit = waitLimit;
    }

    void convertFile(RoutingContext context) {
        Parameters.allow(context);
        var file = FileHandlers.fileId(context);
        forms.readFields(context.request())
                .compose(form -> {
                    Map<String, String> options = new HashMap<>(form.fields());
                    String format = options.remove(FORMAT);
                    return conversions.convert(new ConversionRequest(
                            Requests.caller(context).scope(),
                            file,
                            format == null ? "" : format,
                            options,
                            waitLimit,
                            Requests.callerLeft(context),
                            Requests.id(context)));
                })
                .compose(answer -> answer(context, answer))
                .onFailure(context::fail);
    }

    private Future<Void> answer(RoutingContext context, ConversionAnswer answer) {
        return switch (answer) {
            case ConversionAnswer.SourceNotFound() -> failed(ApiError.notFound());
            case ConversionAnswer.UnsupportedPair(var source, var target) ->
                failed(ApiError.unsupportedPair(source, target));
            case ConversionAnswer.InvalidOptions(var violations) -> failed(ApiError.invalidRequest(violations));
            case ConversionAnswer.Answered(ConversionView.Failed failed) ->
                failed(ApiError.of(failed.failure().failure()));
            case ConversionAnswer.Answered(ConversionView.Succeeded succeeded) -> json(context, 200, succeeded);
            case ConversionAnswer.Answered(ConversionView.Pending pending) -> {
                context.response()
                        .putHeader(
                                "Location", "/v1/conversions/%s?attempt=%s".formatted(pending.id(), pending.attempt()))
                        .putHeader("Retry-After", String.valueOf(RETRY_AFTER_SECONDS));
                yield json(context, 202, pending);
            }
        };
    }

    void get(RoutingContext context) {
        AttemptId attempt = attempt(context);
        conversions
                .find(Requests.caller(context).scope(), conversionId(context), attempt, Requests.id(context))
                .compose(found -> answer(context, found))
                .onFailure(context::fail);
    }

    void cancel(RoutingContext context) {
        AttemptId attempt = attempt(context);
        conversions
                .cancel(Requests.caller(context).scope(), conversionId(context), attempt)
                .compose(found -> answer(context, found))
                .onFailure(context::fail);
    }

    private Future<Void> answer(RoutingContext context, Optional<ConversionView> found) {
        return found.isPresent() ? json(context, 200, found.get()) : failed(ApiError.notFound());
    }

    /** A malformed id is the id of nothing. */
    private static ConversionId conversionId(RoutingContext context) {
        return ConversionId.parse(Parameters.path(context, "conversion_id"))
                .orElseThrow(() -> new ApiException(ApiError.notFound()));
    }

    private static @Nullable AttemptId attempt(RoutingContext context) {
        Parameters.allow(context, "attempt");
        String attempt = Parameters.single(context, "attempt");
        return attempt == null
                ? null
                : AttemptId.parse(attempt)
                        .orElseThrow(() -> new ApiException(
                                ApiError.invalidRequest("'attempt' takes the 'attempt' of a conversion, unchanged.")));
    }

    private Future<Void> json(RoutingContext context, int status, ConversionView view) {
        return Responses.json(context, status, Responses.conversion(view, requests.baseUrl(context)));
    }

    private static Future<Void> failed(ApiError error) {
        return Future.failedFuture(new ApiException(error));
    }
}
