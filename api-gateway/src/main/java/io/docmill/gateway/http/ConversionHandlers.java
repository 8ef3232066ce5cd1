package io.docmill.gateway.http;

import io.docmill.gateway.conversion.ConversionRequest;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.http.form.FormReader;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;

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
                            Requests.id(context)));
                })
                .compose(answer -> answers.send(context, preferences, answer))
                .onFailure(context::fail);
    }

    void get(RoutingContext context) {
        Parameters.allow(context, "attempt");
        ConversionId id = ConversionId.parse(Parameters.path(context, "conversion_id"))
                .orElseThrow(() -> new ApiException(ApiError.notFound()));
        String attempt = Parameters.single(context, "attempt");
        AttemptId attemptId = attempt == null
                ? null
                : AttemptId.parse(attempt)
                        .orElseThrow(() -> new ApiException(
                                ApiError.invalidRequest("'attempt' takes the 'attempt' of a conversion, unchanged.")));
        conversions
                .find(Requests.caller(context).scope(), id, attemptId)
                .compose(found -> found.isPresent()
                        ? answers.json(context, 200, found.get())
                        : ConversionAnswers.failed(ApiError.notFound()))
                .onFailure(context::fail);
    }
}
