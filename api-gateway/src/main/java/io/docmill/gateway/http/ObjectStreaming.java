package io.docmill.gateway.http;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.CallerLeftException;
import io.docmill.gateway.download.FileNames;
import io.docmill.platform.storage.ObjectHead;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.platform.storage.StorageUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends objects from storage to callers who do not reach it themselves, with constant memory, whole or in a range. */
final class ObjectStreaming {
    private static final int CHUNK = 64 * 1024;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    private final ObjectStore objects;
    private final BlockingCalls blocking;

    ObjectStreaming(ObjectStore objects, BlockingCalls blocking) {
        this.objects = objects;
        this.blocking = blocking;
    }

    /** A part of an object: {@code length} bytes from {@code offset}. */
    private record Part(long offset, long length, boolean whole) {}

    /** Answers with an object under a name; fails with 404 if it is gone, also for a HEAD. */
    Future<Void> send(RoutingContext context, String key, String name, String contentType) {
        return blocking.call(() -> objects.head(key).orElseThrow(() -> new ApiException(ApiError.notFound())))
                .compose(head -> {
                    HttpServerResponse response = context.response();
                    response.putHeader("Content-Type", contentType)
                            .putHeader("Content-Disposition", FileNames.contentDisposition(name))
                            .putHeader("ETag", '"' + head.etag() + '"')
                            .putHeader("Accept-Ranges", "bytes")
                            .putHeader("X-Content-Type-Options", "nosniff")
                            .putHeader("Cache-Control", "private, no-store");
                    Part part = part(context.request(), head);
                    if (!part.whole()) {
                        response.setStatusCode(206)
                                .putHeader(
                                        "Content-Range",
                                        "bytes %d-%d/%d"
                                                .formatted(
                                                        part.offset(), part.offset() + part.length() - 1, head.size()));
                    }
                    response.putHeader("Content-Length", String.valueOf(part.length()));
                    return context.request().method().equals(HttpMethod.HEAD) || part.length() == 0
                            ? response.end()
                            : stream(response, head, part);
                });
    }

    /**
     * The part that a Range header asks for; several ranges, and what is no range, are answered with the whole, and so is any
     * method but GET (RFC 9110, 14.2).
     */
    private static Part part(HttpServerRequest request, ObjectHead head) {
        String range = request.getHeader("Range");
        String ifRange = request.getHeader("If-Range");
        boolean applies = range != null
                && request.method().equals(HttpMethod.GET)
                && (ifRange == null || ifRange.equals('"' + head.etag() + '"'));
        Matcher matcher = RANGE.matcher(applies ? range : "");
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return new Part(0, head.size(), true);
        }
        long first;
        long last;
        if (matcher.group(1).isEmpty()) {
            first = Math.max(0, head.size() - Long.parseLong(matcher.group(2)));
            last = head.size() - 1;
        } else {
            first = Long.parseLong(matcher.group(1));
            last = matcher.group(2).isEmpty() ? head.size() - 1 : Long.parseLong(matcher.group(2));
        }
        if (first >= head.size() || last < first) {
            throw new ApiException(ApiError.rangeNotSatisfiable(head.size()));
        }
        return new Part(first, Math.min(last, head.size() - 1) - first + 1, false);
    }

    private Future<Void> stream(HttpServerResponse response, ObjectHead head, Part part) {
        return blocking.run(() -> {
            Optional<InputStream> opened =
                    part.whole() ? objects.open(head.key()) : objects.open(head.key(), part.offset(), part.length());
            try (InputStream content = opened.orElseThrow(() -> new ApiException(ApiError.notFound()))) {
                copy(content, response);
            } catch (IOException e) {
                // The headers are out; all that is left is to let the caller see that the body is not whole.
                response.reset();
                throw new StorageUnavailableException("Object storage broke off while reading " + head.key(), e);
            }
        });
    }

    /** Waits for each write, which is what keeps a slow caller from filling the memory. */
    private static void copy(InputStream content, HttpServerResponse response) throws IOException {
        byte[] chunk = new byte[CHUNK];
        try {
            for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
                if (read > 0) {
                    wait(response.write(Buffer.buffer(read).appendBytes(chunk, 0, read)));
                }
            }
            wait(response.end());
        } catch (CompletionException e) {
            throw new CallerLeftException(e);
        }
    }

    private static void wait(Future<Void> write) {
        write.toCompletionStage().toCompletableFuture().join();
    }
}
