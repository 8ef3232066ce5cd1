package io.docmill.system;

import io.docmill.testing.documents.TestDocument;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The body of a form. Fields may repeat, since tests send forms that are wrong. */
final class FormBody {
    static final String BOUNDARY = "----docmill-system-test";

    private final String contentType;
    private final byte[] content;

    private FormBody(String contentType, byte[] content) {
        this.contentType = contentType;
        this.content = content;
    }

    /** One field. */
    record Field(String name, String value) {}

    static Field field(String name, String value) {
        return new Field(name, value);
    }

    static FormBody urlEncoded(Field... fields) {
        String text = Arrays.stream(fields)
                .map(field -> URLEncoder.encode(field.name(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.value(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return new FormBody("application/x-www-form-urlencoded", text.getBytes(StandardCharsets.UTF_8));
    }

    static FormBody multipart(Field... fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Field field : fields) {
            write(
                    body,
                    "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                            .formatted(BOUNDARY, field.name(), field.value()));
        }
        return end(body);
    }

    /** A form with these documents, all in parts of the name {@code part}. */
    static FormBody upload(String part, TestDocument... documents) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (TestDocument document : documents) {
            write(
                    body,
                    "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                            .formatted(BOUNDARY, part, document.name()));
            body.writeBytes(document.bytes());
            write(body, "\r\n");
        }
        return end(body);
    }

    /** A form with a document in the part {@code file}, and fields. */
    static FormBody upload(TestDocument document, Field... fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] file = upload("file", document).content;
        byte[] text = multipart(fields).content;
        String end = "--" + BOUNDARY + "--\r\n";
        body.write(text, 0, text.length - end.length());
        body.writeBytes(file);
        return new FormBody("multipart/form-data; boundary=" + BOUNDARY, body.toByteArray());
    }

    private static FormBody end(ByteArrayOutputStream body) {
        write(body, "--" + BOUNDARY + "--\r\n");
        return new FormBody("multipart/form-data; boundary=" + BOUNDARY, body.toByteArray());
    }

    private static void write(ByteArrayOutputStream body, String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same content under another content type. */
    FormBody as(String otherContentType) {
        return new FormBody(otherContentType, content);
    }

    /** Only the first bytes of it, as a sender leaves it that breaks off and yet says how much it sent. */
    FormBody withoutLast(int bytes) {
        return new FormBody(contentType, Arrays.copyOf(content, content.length - bytes));
    }

    String contentType() {
        return contentType;
    }

    byte[] content() {
        return content.clone();
    }
}
