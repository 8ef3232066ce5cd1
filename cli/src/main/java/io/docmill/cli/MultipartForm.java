package io.docmill.cli;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

/** A multipart form (RFC 7578) with one file, which is read from disk while it is sent. */
record MultipartForm(String contentType, BodyPublisher body) {
    static MultipartForm ofFile(String field, Path file) throws FileNotFoundException {
        String boundary = "docmill-" + UUID.randomUUID();
        String head =
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                        .formatted(boundary, field, escape(file.getFileName().toString()));
        String tail = "\r\n--%s--\r\n".formatted(boundary);
        return new MultipartForm(
                "multipart/form-data; boundary=" + boundary,
                BodyPublishers.concat(
                        BodyPublishers.ofString(head, StandardCharsets.UTF_8),
                        BodyPublishers.ofFile(file),
                        BodyPublishers.ofString(tail, StandardCharsets.UTF_8)));
    }

    /**
     * Names go as UTF-8 (RFC 7578, section 5.1), with the three escapes of browsers (WHATWG HTML, "multipart/form-data
     * encoding algorithm").
     */
    private static String escape(String name) {
        return name.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
    }
}
