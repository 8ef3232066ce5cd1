package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.docmill.testing.contract.ContractCheck;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** One answer of the API, with its body read. */
final class Answer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ContractCheck CONTRACT = ContractCheck.of(ContractCheck.CONTRACT);

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    Answer(int status, HttpHeaders headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** An answer as it came, which is held to the contract. */
    static Answer of(HttpResponse<byte[]> response) {
        CONTRACT.check(response);
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    int status() {
        return status;
    }

    /** The header's value; empty if it is not there. */
    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    byte[] bytes() {
        return body.clone();
    }

    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + this, e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The body of an error without the one field that differs from request to request. */
    JsonNode jsonWithoutRequestId() {
        ObjectNode json = json().deepCopy();
        json.remove("request_id");
        return json;
    }

    /** Makes sure that this is an error of the one form, and gives its body. */
    JsonNode expectError(int expectedStatus, String error) {
        assertThat(status).as("status of %s", this).isEqualTo(expectedStatus);
        assertThat(header("Content-Type")).startsWith("application/json");
        JsonNode json = json();
        assertThat(json.path("error").asText()).isEqualTo(error);
        assertThat(json.path("message").asText()).as("message").isNotBlank();
        assertThat(json.path("request_id").asText())
                .as("request id")
                .isNotBlank()
                .isEqualTo(header("X-Request-Id"));
        return json;
    }

    @Override
    public String toString() {
        return status + " " + new String(body, 0, Math.min(body.length, 600), StandardCharsets.UTF_8);
    }
}
