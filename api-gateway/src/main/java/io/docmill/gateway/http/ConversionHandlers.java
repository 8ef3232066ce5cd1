package io.docmill.gateway.http;

import io.docmill.gateway.conversion.ConversionRequest;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.conversion.ConversionView;
import io.docmill.gateway.http.form.FormReader;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/files/{id}/convert} and {@code /v1/conversions}. */
final class ConversionHandlers {
    private static final String FORMAT = "format";

    private final ConversionService conversions;
    private final FormReader forms;
    private final ConversionAnswers answers;

    ConversionHandlers(ConversionService conversions, FormReader forms, ConversionAnswers answers) {
        this.conversions = conversions;
        this.forms = forms;
        this.answers = answers;
    }

    void convertFile(RoutingContext context) {
        Parameters.allow(context);
        var file = FileHandlers.fileId(context);
        Preferences preferences = Preferences.of(context);
        forms.readFields(context.request())
                .compose(form -> {
                    Map<String, String> options = new HashMap<>(form.fields());
                    String format = options.remove(FORMAT);
                    return conversions.convert(new ConversionRequest(
                            Requests.caller(context).scope(),
                            file,
                            format == null ? "" : format,
                            options,
                            answers.wait(preferences),
                            preferences.waits(),
                            Requests.callerLeft(context),
                            Requests.id(context),
                            Requests.span(context)));
                })
                .compose(answer -> answers.send(context, preferences, answer))
                .onFailure(context::fail);
    }

    void get(RoutingContext context) {
        AttemptId attempt = attempt(context);
        conversions
                .find(
                        Requests.caller(context).scope(),
                        conversionId(context),
                        attempt,
                        Requests.id(context),
                        Requests.span(context))
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
        return found.isPresent()
                ? answers.json(context, 200, found.get())
                : ConversionAnswers.failed(ApiError.notFound());
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
}
