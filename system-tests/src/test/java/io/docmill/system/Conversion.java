package io.docmill.system;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Instant;

/** A conversion that succeeded, as the API tells it. */
record Conversion(
        String id,
        String sourceId,
        String format,
        boolean cached,
        URI downloadUrl,
        Instant expiresAt,
        String contentType,
        long size,
        String attempt) {
    static Conversion of(JsonNode json) {
        return new Conversion(
                json.path("id").asText(),
                json.path("source").path("id").asText(),
                json.path("format").asText(),
                json.path("cached").asBoolean(),
                URI.create(json.path("download_url").asText()),
                Instant.parse(json.path("expires_at").asText()),
                json.path("content_type").asText(),
                json.path("size").asLong(-1),
                json.path("attempt").asText());
    }
}
