package io.docmill.gateway.http;

import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.gateway.run.Run;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionTable;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.record.RunFailureRecord;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An error as a caller sees it. The one place that knows which failure is which HTTP status; every message says what is
 * wrong, with what, and what to do.
 *
 * @param status the HTTP status
 * @param error a stable name for programs
 * @param message for the person who called
 * @param fields more of the body, such as {@code reason}
 * @param headers more headers, such as {@code Retry-After}
 */
record ApiError(int status, String error, String message, Map<String, Object> fields, Map<String, String> headers) {
    private static final Duration SOON = Duration.ofSeconds(5);

    ApiError {
        // Map.of has another order in each process; an answer has one.
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
    }

    private ApiError(int status, String error, String message) {
        this(status, error, message, Map.of(), Map.of());
    }

    private ApiError(int status, String error, String message, Map<String, Object> fields) {
        this(status, error, message, fields, Map.of());
    }

    /** The body without its request id: also the {@code error} of a failed conversion. */
    Map<String, Object> body() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put("message", message);
        body.putAll(fields);
        return body;
    }

    static ApiError invalidRequest(String message) {
        return new ApiError(400, "invalid_request", message);
    }

    private static ApiError invalidRequest(String message, Map<String, Object> fields) {
        return new ApiError(400, "invalid_request", message, fields);
    }

    static ApiError invalidRequest(Collection<String> violations) {
        return invalidRequest(String.join(" ", violations));
    }

    static ApiError invalidCursor() {
        return invalidRequest("'cursor' takes the 'next_cursor' of a list, unchanged.");
    }

    static ApiError unsupportedPair(DocumentFormat source, String target) {
        List<String> targets = Responses.extensions(ConversionTable.targets(source));
        String asked = target.isEmpty()
                ? "Say in 'format' what to convert to."
                : "%s can't be converted to '%s'.".formatted(source.extension(), target);
        return invalidRequest(
                "%s %s converts to: %s.".formatted(asked, source.extension(), String.join(", ", targets)),
                Map.of("valid_targets", targets));
    }

    static ApiError unauthorized() {
        return new ApiError(
                401,
                "unauthorized",
                "Send a valid API key as 'X-API-Key: sk_live_…' or 'Authorization: Bearer sk_live_…'.",
                Map.of(),
                Map.of("WWW-Authenticate", "Bearer"));
    }

    static ApiError forbidden() {
        return new ApiError(403, "forbidden", "This call needs a key with the role 'operator'.");
    }

    /** The same for what does not exist and for what the key may not see. */
    static ApiError notFound() {
        return new ApiError(
                404, "not_found", "It does not exist, or this key may not see it. Check the id and the key.");
    }

    static ApiError noSuchPath() {
        return new ApiError(404, "not_found", "There is no such path. GET /openapi.yaml describes all there are.");
    }

    static ApiError expiredDownload() {
        return new ApiError(
                403,
                "forbidden",
                "This download URL has expired or was changed. Ask for the conversion again to get a fresh one.");
    }

    static ApiError methodNotAllowed(String method, String allowed) {
        return new ApiError(
                405,
                "method_not_allowed",
                "This path does not take %s; it takes: %s.".formatted(method, allowed),
                Map.of(),
                Map.of("Allow", allowed));
    }

    static ApiError notAcceptable(String produced) {
        return new ApiError(
                406, "not_acceptable", "This call answers %s, which 'Accept' excludes.".formatted(produced));
    }

    /** A body that did not come along for this long. */
    static ApiError requestTimeout(Duration patience) {
        return new ApiError(
                408,
                "request_timeout",
                "The body came along too slowly for %d ms. Send it again, over a better connection."
                        .formatted(patience.toMillis()),
                Map.of("retryable", true));
    }

    private static ApiError conflict(String message, boolean retryable) {
        return new ApiError(409, "conflict", message, Map.of("retryable", retryable));
    }

    /** Why a run without an output can't be exported. */
    static ApiError nothingToExport(Run.State state) {
        return switch (state) {
            case Run.Failed(var failure) ->
                conflict("The run failed, so there is no output to export: " + failure.message(), false);
            // Completed is a run whose output came while the call was answered.
            case Run.Queued _, Run.Completed _ ->
                conflict("The run has no output to export yet. Try again once its 'status' is 'completed'.", true);
        };
    }

    /** Why a run that has ended takes no output. */
    static ApiError takesNoOutput(Run.State state) {
        return conflict(
                switch (state) {
                    case Run.Failed(var failure) ->
                        "The run has failed and takes no output any more: " + failure.message();
                    case Run.Queued _, Run.Completed _ ->
                        "The run has another output already. An output is delivered once; register a new run for this one.";
                },
                false);
    }

    /** Why a run that has ended can't fail. */
    static ApiError cantFail(Run.State state) {
        return conflict(
                switch (state) {
                    case Run.Failed(var failure) ->
                        "The run has failed already, with another message: " + failure.message();
                    case Run.Queued _, Run.Completed _ ->
                        "The run has delivered its output, so it can't fail any more.";
                },
                false);
    }

    static ApiError lastOperator() {
        return conflict(
                "This is the last key that operates the service. Make another one before you revoke it.", false);
    }

    static ApiError passwordGone() {
        return conflict(
                "A password came with this job and is kept nowhere. Have its caller ask again with the password and"
                        + " 'refresh', and drop the letter.",
                false);
    }

    /** Why a dead letter can't be replayed. */
    static ApiError cantReplay(ConversionAnswer answer) {
        return conflict(
                switch (answer) {
                    case ConversionAnswer.SourceNotFound() ->
                        "The document of this job was deleted, so there is nothing to convert. Drop the letter.";
                    case ConversionAnswer.UnsupportedPair _,
                            ConversionAnswer.InvalidOptions _,
                            ConversionAnswer.Answered _ ->
                        "This Docmill does not convert so any more: %s Drop the letter."
                                .formatted(ConversionAnswers.error(answer).message());
                },
                false);
    }

    static ApiError payloadTooLarge(String limit) {
        return new ApiError(413, "payload_too_large", "The body is larger than the limit of %s.".formatted(limit));
    }

    static ApiError unsupportedMediaType(String expected) {
        return new ApiError(415, "unsupported_media_type", "Send the body as %s.".formatted(expected));
    }

    static ApiError rangeNotSatisfiable(long size) {
        return new ApiError(
                416,
                "range_not_satisfiable",
                "The range lies outside of the %d bytes there are.".formatted(size),
                Map.of(),
                Map.of("Content-Range", "bytes */" + size));
    }

    static ApiError unprocessable(String reason, String message) {
        return new ApiError(422, "unprocessable_document", message, Map.of("reason", reason, "retryable", false));
    }

    static ApiError internal() {
        return new ApiError(
                500,
                "internal_error",
                "Docmill failed at this request. Its logs tell why under this request id.",
                Map.of("retryable", true));
    }

    static ApiError unavailable(String what) {
        return unavailable(what, "Try again after the time in 'Retry-After'.", SOON);
    }

    /** A conversion that would not end while its caller waits. */
    static ApiError tooLongQueue(Duration expectedWait) {
        return unavailable(
                "So many conversions wait that this one would take about %d s."
                        .formatted(expectedWait.plusMillis(999).toSeconds()),
                "Try again after the time in 'Retry-After', or send 'Prefer: respond-async' to have it queued.",
                expectedWait.plusMillis(999));
    }

    private static ApiError unavailable(String what, String whatToDo, Duration retryAfter) {
        return new ApiError(
                503,
                "unavailable",
                what + " " + whatToDo,
                Map.of("retryable", true),
                Map.of("Retry-After", String.valueOf(retryAfter.toSeconds())));
    }

    /** How a failed conversion is told, also within a conversion that was asked for later. */
    static ApiError of(ConversionFailure failure) {
        return switch (failure) {
            case ConversionFailure.SourceMissing _ -> notFound();
            case ConversionFailure.PasswordRequired _ ->
                unprocessable(
                        "password_required", "The document is encrypted. Send its password in the field 'password'.");
            case ConversionFailure.WrongPassword _ ->
                unprocessable("wrong_password", "The password does not open the document.");
            case ConversionFailure.Corrupt _ ->
                unprocessable(
                        "corrupt",
                        "The document can't be opened: it is damaged, or encrypted in a way that LibreOffice does not read."
                                + " Open it with the program that made it, save it anew without a password and send that.");
            case ConversionFailure.Suspicious _ ->
                unprocessable(
                        "suspicious",
                        "What is encrypted in the document is made like what harms who opens it: a bomb, entities, parts that"
                                + " contradict each other. If it is an honest one, open it in an office program, save it anew and"
                                + " send that.");
            case ConversionFailure.OtherFormat(var found, var target) -> otherFormat(found, target);
            case ConversionFailure.TooComplex(var limit, var timeout) ->
                unprocessable("too_complex", tooComplex(limit, timeout));
            case ConversionFailure.EngineCrashed(var attempts) ->
                upstream(
                        "LibreOffice crashed on this document %d times. Trying again will not help."
                                .formatted(attempts),
                        false);
            case ConversionFailure.WorkersLost(var deliveries) ->
                upstream(
                        "The conversion was given up after %d workers in a row were lost with it."
                                .formatted(deliveries),
                        false);
            case ConversionFailure.Interrupted _ -> upstream("The conversion was interrupted. Try again.", true);
            case ConversionFailure.Canceled _ ->
                upstream("The conversion was canceled. Ask again to start it anew.", true);
        };
    }

    private static ApiError otherFormat(DocumentFormat found, DocumentFormat target) {
        ApiError pair = unsupportedPair(found, target.extension());
        return invalidRequest(
                "What is encrypted in the document is a %s, whatever its name says. %s"
                        .formatted(found.extension(), pair.message()),
                pair.fields());
    }

    private static String tooComplex(ConversionFailure.TooComplex.Limit limit, int timeoutSeconds) {
        return switch (limit) {
            case TIME ->
                "The conversion took longer than %d s and was stopped. Allow it more with the field 'timeout' (up to 300), or split the document."
                        .formatted(timeoutSeconds);
            case MEMORY -> "The conversion needed more memory than allowed and was stopped. Split the document.";
            case OUTPUT_SIZE -> "The result grew larger than allowed and was dropped. Split the document.";
        };
    }

    /** How a failed run is told. */
    static ApiError of(RunFailureRecord failure) {
        return upstream(failure.message(), false);
    }

    private static ApiError upstream(String message, boolean retryable) {
        return new ApiError(502, "upstream_error", message, Map.of("retryable", retryable));
    }
}
