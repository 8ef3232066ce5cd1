package io.docmill.gateway.http;

import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.gateway.conversion.ConversionRequest;
import io.docmill.gateway.conversion.ConversionView;
import io.docmill.gateway.download.FileNames;
import io.docmill.gateway.file.FileService.StoredFile;
import io.docmill.gateway.onecall.Admission;
import io.docmill.gateway.onecall.OneCallConversions;
import io.docmill.gateway.onecall.OneCallConversions.Wanted;
import io.docmill.gateway.upload.UploadedFile;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.storage.ObjectKeys;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /v1/convert}: upload, conversion and download in one call. Errors are JSON, whatever the caller accepts. */
final class OneCallHandlers {
    private static final String FORMAT = "format";
    private static final String DOWNLOAD = "download";
    private static final String KEEP = "keep";
    private static final String JSON = "application/json";

    private final OneCallConversions conversions;
    private final Uploads uploads;
    private final ConversionAnswers answers;
    private final ObjectStreaming streaming;

    OneCallHandlers(
            OneCallConversions conversions, Uploads uploads, ConversionAnswers answers, ObjectStreaming streaming) {
        this.conversions = conversions;
        this.uploads = uploads;
        this.answers = answers;
        this.streaming = streaming;
    }

    /**
     * A call once its form was read.
     *
     * @param bytes whether the result itself is the answer
     */
    private record Call(RoutingContext context, Preferences preferences, Wanted wanted, boolean bytes) {}

    void convert(RoutingContext context) {
        Parameters.allow(context, DOWNLOAD);
        Boolean download = flag(DOWNLOAD, Parameters.single(context, DOWNLOAD));
        Preferences preferences = Preferences.of(context);
        Future<Void> left = Requests.callerLeft(context);
        uploads.receive(context, (file, fields) -> admit(call(context, preferences, download, fields), file))
                .compose(admitted -> convert(admitted, left))
                .onFailure(context::fail);
    }

    private static Call call(
            RoutingContext context, Preferences preferences, @Nullable Boolean download, Map<String, String> fields) {
        Map<String, String> options = new HashMap<>(fields);
        String format = options.remove(FORMAT);
        Boolean keep = flag(KEEP, options.remove(KEEP));
        Boolean inForm = flag(DOWNLOAD, options.remove(DOWNLOAD));
        if (download != null && inForm != null && !download.equals(inForm)) {
            throw new ApiException(ApiError.invalidRequest("'download' differs between query and form; give it once."));
        }
        Boolean told = download == null ? inForm : download;
        var wanted = new Wanted(format == null ? "" : format, options, preferences.waits(), keep == null || keep);
        return new Call(context, preferences, wanted, told == null ? acceptsBytes(context, wanted) : told);
    }

    private static @Nullable Boolean flag(String name, @Nullable String value) {
        return switch (value) {
            case null -> null;
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            default -> throw new ApiException(ApiError.invalidRequest("'%s' takes true or false.".formatted(name)));
        };
    }

    /** Whether the caller would rather have the target's type than JSON. Of what is no format at all the answer is JSON. */
    private static boolean acceptsBytes(RoutingContext context, Wanted wanted) {
        String type = DocumentFormat.of(wanted.format())
                .map(format -> format.mediaType().split(";", 2)[0])
                .orElse(JSON);
        if (Negotiation.prefers(context, type)) {
            return !type.equals(JSON);
        }
        if (Negotiation.accepts(context, JSON)) {
            return false;
        }
        if (Negotiation.accepts(context, type)) {
            return true;
        }
        throw new ApiException(ApiError.notAcceptable(JSON + " or " + type));
    }

    /** A call whose document was kept. */
    private record Admitted(Call call, StoredFile file) {}

    private Future<Admitted> admit(Call call, UploadedFile file) {
        return conversions
                .admit(Requests.caller(call.context()).scope(), file, call.wanted())
                .compose(admission -> switch (admission) {
                    case Admission.Admitted(var stored) -> Future.succeededFuture(new Admitted(call, stored));
                    case Admission.Refused(var refusal) ->
                        Future.failedFuture(new ApiException(Uploads.error(refusal)));
                    case Admission.Invalid(var answer) ->
                        Future.failedFuture(new ApiException(ConversionAnswers.error(answer)));
                });
    }

    private Future<Void> convert(Admitted admitted, Future<Void> left) {
        Call call = admitted.call();
        RoutingContext context = call.context();
        return conversions
                .convert(new ConversionRequest(
                        Requests.caller(context).scope(),
                        admitted.file().id(),
                        call.wanted().format(),
                        call.wanted().options(),
                        answers.wait(call.preferences()),
                        // It was admitted before its document was kept.
                        false,
                        left,
                        Requests.id(context),
                        Requests.span(context)))
                // Nobody was told of the file, and nobody can fetch what is made of it.
                .onFailure(_ -> drop(admitted))
                .compose(answer -> send(admitted, answer));
    }

    private Future<Void> send(Admitted admitted, ConversionAnswer answer) {
        Call call = admitted.call();
        if (!(answer instanceof ConversionAnswer.Answered(ConversionView view))) {
            return answers.send(call.context(), call.preferences(), answer);
        }
        call.context().response().putHeader("X-Conversion-Id", view.id().toString());
        return switch (view) {
            case ConversionView.Succeeded succeeded
            when call.bytes() -> {
                answers.tellApplied(call.context(), call.preferences(), false);
                yield dropAfter(admitted, bytes(admitted, succeeded));
            }
            case ConversionView.Failed _ ->
                dropAfter(admitted, answers.send(call.context(), call.preferences(), answer));
            // Its URL works, or will work, for an hour.
            case ConversionView.Succeeded _, ConversionView.Pending _ ->
                answers.send(call.context(), call.preferences(), answer);
        };
    }

    private Future<Void> bytes(Admitted admitted, ConversionView.Succeeded succeeded) {
        RoutingContext context = admitted.call().context();
        return streaming.send(
                context,
                ObjectKeys.artifact(Requests.caller(context).scope(), succeeded.id()),
                FileNames.converted(
                        admitted.file().record(), succeeded.artifact().extension()),
                succeeded.artifact().contentType());
    }

    /** Once the answer is out, or nobody is there to take it, nothing is left to fetch. */
    private Future<Void> dropAfter(Admitted admitted, Future<Void> sent) {
        return sent.eventually(() -> drop(admitted));
    }

    private Future<Void> drop(Admitted admitted) {
        return admitted.call().wanted().keep()
                ? Future.succeededFuture()
                : conversions.drop(
                        Requests.caller(admitted.call().context()).scope(),
                        admitted.file().id());
    }
}
