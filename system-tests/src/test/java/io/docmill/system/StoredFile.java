package io.docmill.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;

/** A file as the API tells it. */
record StoredFile(
        String id, String name, String format, long size, String sha256, Instant createdAt, List<String> targets) {
    static StoredFile of(JsonNode json) {
        return new StoredFile(
                json.path("id").asText(),
                json.path("name").asText(),
                json.path("format").asText(),
                json.path("size").asLong(-1),
                json.path("sha256").asText(),
                Instant.parse(json.path("created_at").asText()),
                texts(json.path("targets")));
    }

    static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
