package io.docmill.gateway.http.form;

import io.docmill.platform.config.ByteSize;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reading of one form. All of it happens on the event loop of its request. */
final class FormReading {
    private static final String FILE_PART = "file";
    private static final int MOST_SHOWN = 50;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final @Nullable MultipartEnd multipartEnd;
    private final UploadSpool spool;
    private final boolean withFile;
    private final long bodyLimit;
    private final ByteSize toldLimit;
    private final Promise<Form> promise = Promise.promise();
    private long bodyLength;
    private @Nullable FileReading file;

    FormReading(
            Vertx vertx,
            HttpServerRequest request,
            @Nullable MultipartEnd multipartEnd,
            UploadSpool spool,
            boolean withFile,
            long bodyLimit,
            ByteSize toldLimit) {
        this.vertx = vertx;
        this.request = request;
        this.multipartEnd = multipartEnd;
        this.spool = spool;
        this.withFile = withFile;
        this.bodyLimit = bodyLimit;
        this.toldLimit = toldLimit;
    }

    Future<Form> read() {
        request.setExpectMultipart(true);
        request.uploadHandler(this::begin);
        request.handler(this::count);
        request.exceptionHandler(this::failed);
        request.endHandler(_ -> ended());
        request.resume();
        return promise.future();
    }

    private void count(Buffer chunk) {
        bodyLength += chunk.length();
        if (multipartEnd != null) {
            multipartEnd.add(chunk);
        }
        if (bodyLength > bodyLimit) {
            fail(new FormProblem.TooLarge(toldLimit.toString()));
        }
    }

    private void begin(HttpServerFileUpload upload) {
        if (promise.future().isComplete()) {
            upload.handler(_ -> {});
            return;
        }
        if (!withFile) {
            fail(malformed("This call takes no file, but the part '%s' is one.", upload.name()));
        } else if (!FILE_PART.equals(upload.name())) {
            fail(malformed("'%s' is not a part of this form; send the document in 'file'.", upload.name()));
        } else if (file != null) {
            fail(new FormProblem.Malformed("The part 'file' was sent more than once; send one document a call."));
        } else {
            file = new FileReading(upload);
        }
        if (promise.future().isComplete()) {
            upload.handler(_ -> {});
        }
    }

    private void ended() {
        if (promise.future().isComplete()) {
            return;
        }
        if (multipartEnd != null && !multipartEnd.isReached()) {
            fail(new FormProblem.Malformed("The body ends before its closing boundary; send it whole."));
            return;
        }
        Map<String, String> fields = new HashMap<>();
        for (Map.Entry<String, String> field : request.formAttributes()) {
            if (fields.put(field.getKey(), field.getValue()) != null) {
                fail(malformed("'%s' was sent more than once; send it once.", field.getKey()));
                return;
            }
        }
        if (!withFile) {
            promise.tryComplete(new Form(fields, null));
        } else if (file == null) {
            fail(
                    fields.containsKey(FILE_PART)
                            ? new FormProblem.Malformed(
                                    "The part 'file' has no file name; send the document as a file.")
                            : new FormProblem.Malformed("The part 'file' is missing; send the document in it."));
        } else {
            file.completed().onSuccess(spooled -> promise.tryComplete(new Form(fields, spooled)));
        }
    }

    /** Netty throws all kinds of exceptions at a malformed body, and one when the connection breaks. */
    private void failed(Throwable cause) {
        boolean brokenOff = cause instanceof HttpClosedException
                || cause instanceof StreamResetException
                || (cause instanceof IOException && !(cause instanceof DecoderException));
        fail(
                brokenOff
                        ? new FormProblem.BrokenOff()
                        : new FormProblem.Malformed(
                                "The body is not the form that its content type announces, or has a field that is too long; send a document as a file, with a file name."));
    }

    void fail(FormProblem problem) {
        fail(new FormException(problem));
    }

    /** Every failure passes here: what lies in the spool is nobody's then. */
    private void fail(Throwable cause) {
        if (promise.tryFail(cause) && file != null) {
            file.abort();
        }
    }

    private static FormProblem malformed(String message, String name) {
        String shown = name.length() > MOST_SHOWN ? name.substring(0, MOST_SHOWN) + '…' : name;
        return new FormProblem.Malformed(message.formatted(shown));
    }

    /** The file of the form on its way to disk. It ends in the spool as a whole, or not at all. */
    private final class FileReading {
        private final HttpServerFileUpload upload;
        private final Path path = spool.newFile();
        private final MessageDigest digest = sha256();
        private final Promise<SpooledFile> written = Promise.promise();
        private @Nullable AsyncFile output;
        private long size;
        private boolean closing;
        private boolean aborted;

        FileReading(HttpServerFileUpload upload) {
            this.upload = upload;
            upload.pause();
            upload.handler(this::write);
            upload.endHandler(_ -> close());
            upload.exceptionHandler(FormReading.this::failed);
            vertx.fileSystem()
                    .open(path.toString(), new OpenOptions().setCreateNew(true).setWrite(true))
                    .onSuccess(this::opened)
                    .onFailure(FormReading.this::fail);
        }

        /** Succeeds once the file is whole; stays open if it never is. */
        Future<SpooledFile> completed() {
            return written.future();
        }

        private void opened(AsyncFile opened) {
            output = opened;
            opened.exceptionHandler(FormReading.this::fail);
            if (aborted) {
                close();
            } else {
                upload.resume();
            }
        }

        private void write(Buffer chunk) {
            if (aborted || output == null) {
                return;
            }
            if (size + chunk.length() > toldLimit.bytes()) {
                fail(new FormProblem.TooLarge(toldLimit.toString()));
                return;
            }
            if (!spool.reserve(chunk.length())) {
                fail(new FormProblem.NoRoom());
                return;
            }
            size += chunk.length();
            digest.update(chunk.getBytes());
            output.write(chunk).onFailure(FormReading.this::fail);
            if (output.writeQueueFull()) {
                upload.pause();
                output.drainHandler(_ -> upload.resume());
            }
        }

        /** Closes the file, once: closing it a second time throws. */
        private void close() {
            if (output == null || closing) {
                return;
            }
            closing = true;
            output.close().onFailure(FormReading.this::fail).onComplete(_ -> {
                if (aborted) {
                    spool.discard(path, size);
                } else {
                    written.complete(new SpooledFile(
                            path, upload.filename(), size, HexFormat.of().formatHex(digest.digest())));
                }
            });
        }

        void abort() {
            aborted = true;
            upload.handler(_ -> {});
            upload.resume();
            if (written.future().succeeded()) {
                spool.discard(path, size);
            } else {
                close();
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
