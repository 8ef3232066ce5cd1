package io.docmill.testing.contract;

import io.vertx.core.buffer.Buffer;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

/**
 * An answer as it came.
 *
 * @param method of the request
 * @param path of the request as it was sent, with its escapes and without its query
 * @param status the HTTP status
 * @param headers all of them
 * @param body may be empty
 */
public record ApiAnswer(String method, String path, int status, HttpHeaders headers, Buffer body) {
    static ApiAnswer of(HttpResponse<byte[]> response) {
        return new ApiAnswer(
                response.request().method(),
                response.request().uri().getRawPath(),
                response.statusCode(),
                response.headers(),
                Buffer.buffer(response.body()));
    }

    /** The media type without its parameters; empty if the answer has none. */
    String mediaType() {
        return headers.firstValue("Content-Type")
                .map(type -> type.split(";", 2)[0].strip())
                .orElse("");
    }
}
