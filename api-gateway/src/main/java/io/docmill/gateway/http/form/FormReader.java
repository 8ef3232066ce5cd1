package io.docmill.gateway.http.form;

import io.docmill.platform.config.ByteSize;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads form bodies as they stream in, with constant memory. Vert.x's own body handler keeps the last of repeated fields
 * and does not tell a body that ends early from a whole one.
 */
public final class FormReader {
    /** Enough for every field that the API has, and for the boundaries of a multipart body. */
    private static final ByteSize FIELDS_LIMIT = new ByteSize(64_000);

    private static final String MULTIPART = "multipart/form-data";
    private static final String URL_ENCODED = "application/x-www-form-urlencoded";

    private final Vertx vertx;
    private final UploadSpool spool;
    private final ByteSize fileLimit;
    private final BodyPace pace;

    public FormReader(Vertx vertx, UploadSpool spool, ByteSize fileLimit, BodyPace pace) {
        this.vertx = vertx;
        this.spool = spool;
        this.fileLimit = fileLimit;
        this.pace = pace;
    }

    /**
     * Reads a form of text fields, multipart or url-encoded. Fails with {@link FormException}. The request may be paused.
     */
    public Future<Form> readFields(HttpServerRequest request) {
        String type = mediaType(request);
        boolean withoutBody = type.isEmpty() && "0".equals(request.getHeader(HttpHeaderNames.CONTENT_LENGTH));
        boolean noForm = type.isEmpty()
                && request.getHeader(HttpHeaderNames.CONTENT_LENGTH) == null
                && request.getHeader(HttpHeaderNames.TRANSFER_ENCODING) == null;
        if (withoutBody || noForm) {
            request.resume();
            return Future.succeededFuture(new Form(Map.of(), null));
        }
        if (!type.equals(MULTIPART) && !type.equals(URL_ENCODED)) {
            return wrongContentType("a form, " + MULTIPART + " or " + URL_ENCODED);
        }
        return read(request, type, false, FIELDS_LIMIT.bytes(), FIELDS_LIMIT);
    }

    /**
     * Reads a multipart form with one file, in the part {@code file}, onto disk. Fails with {@link FormException}. The
     * request may be paused. The caller releases the file.
     */
    public Future<Form> readFile(HttpServerRequest request) {
        String type = mediaType(request);
        if (!type.equals(MULTIPART)) {
            return wrongContentType(MULTIPART + ", with the document in the part 'file'");
        }
        return read(request, type, true, fileLimit.bytes() + FIELDS_LIMIT.bytes(), fileLimit);
    }

    private Future<Form> read(
            HttpServerRequest request, String type, boolean withFile, long bodyLimit, ByteSize toldLimit) {
        MultipartEnd multipartEnd = null;
        if (type.equals(MULTIPART)) {
            Optional<String> boundary = MultipartEnd.boundary(request.getHeader(HttpHeaderNames.CONTENT_TYPE));
            if (boundary.isEmpty()) {
                return Future.failedFuture(new FormException(
                        new FormProblem.Malformed("The content type multipart/form-data has no boundary.")));
            }
            multipartEnd = new MultipartEnd(boundary.get());
        }
        if (announcedLength(request) > bodyLimit) {
            return Future.failedFuture(new FormException(new FormProblem.TooLarge(toldLimit.toString())));
        }
        if (HttpHeaderValues.CONTINUE.toString().equalsIgnoreCase(request.getHeader(HttpHeaderNames.EXPECT))) {
            request.response().writeContinue();
        }
        var reading = new FormReading(vertx, request, multipartEnd, spool, withFile, bodyLimit, toldLimit);
        pace.watch(request, () -> reading.fail(new FormProblem.TooSlow(pace.patience())));
        return reading.read();
    }

    private static Future<Form> wrongContentType(String expected) {
        return Future.failedFuture(new FormException(new FormProblem.WrongContentType(expected)));
    }

    private static String mediaType(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaderNames.CONTENT_TYPE);
        if (header == null) {
            return "";
        }
        int semicolon = header.indexOf(';');
        return (semicolon < 0 ? header : header.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    private static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaderNames.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
