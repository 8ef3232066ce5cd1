package io.docmill.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * What the API answered.
 *
 * @param status the HTTP status
 * @param headers all of them
 * @param content of the body
 */
record Answer(int status, HttpHeaders headers, Buffer content) {
    byte[] body() {
        return content.getBytes();
    }

    JsonObject json() {
        return new JsonObject(content);
    }

    String text() {
        return content.toString(StandardCharsets.UTF_8);
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    @Override
    public String toString() {
        return status + " " + text();
    }
}
