package io.docmill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpHeaders;

/** Makes one readable line of an answer that is not the one that was asked for. */
final class ApiRefusal {
    private ApiRefusal() {}

    /**
     * @param url what was asked
     * @param status the answer's status
     * @param body the answer's body; of any form, where something else than Docmill has answered
     */
    static CommandFailedException of(URI url, int status, HttpHeaders headers, JsonNode body) {
        if (!body.hasNonNull("error") || !body.hasNonNull("message")) {
            return new CommandFailedException(
                    ExitCode.FAILED, "%s answered with HTTP status %d, not as Docmill does".formatted(url, status));
        }
        String requestId = body.path("request_id")
                .asText(headers.firstValue("X-Request-Id").orElse("unknown"));
        return new CommandFailedException(ExitCode.FAILED, line(body, headers, requestId));
    }

    /** A conversion that ended without a result: its {@code error} has the fields of an error answer, save the id. */
    static CommandFailedException of(JsonNode conversion, HttpHeaders headers) {
        JsonNode error = conversion.path("error");
        String requestId = headers.firstValue("X-Request-Id").orElse("unknown");
        if (!error.hasNonNull("message")) {
            return new CommandFailedException(
                    ExitCode.FAILED,
                    "the conversion was %s (request %s)"
                            .formatted(conversion.path("status").asText(), requestId));
        }
        return new CommandFailedException(ExitCode.FAILED, line(error, headers, requestId));
    }

    private static String line(JsonNode error, HttpHeaders headers, String requestId) {
        String pause = headers.firstValue("Retry-After")
                .map(", try again in %s s"::formatted)
                .orElse("");
        String message = error.path("message").asText().replaceAll("\\s+", " ").strip();
        return "%s (%s%s, request %s)".formatted(message, error.path("error").asText("failed"), pause, requestId);
    }
}
