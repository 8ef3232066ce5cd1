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
            UploadSpool spool,
            boolean withFile,
            long bodyLimit,
            ByteSize toldLimit) {
        this.vertx = vertx;
        this.request = request;
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
        } else if (!file.upload.isSizeAvailable()) {
            fail(new FormProblem.Malformed("The body ends in the middle of the part 'file'; send it whole."));
        } else {
            file.completed()
                    .onSuccess(spooled -> {
                        if (!promise.tryComplete(new Form(fields, spooled))) {
                            spool.release(spooled);
                        }
                    })
                    .onFailure(promise::tryFail);
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
                                "The body is not the form that its content type announces, or has fields that are too long."));
    }

    private void fail(FormProblem problem) {
        if (promise.tryFail(new FormException(problem)) && file != null) {
            file.abort();
        }
    }

    private static FormProblem malformed(String message, String name) {
        String shown = name.length() > MOST_SHOWN ? name.substring(0, MOST_SHOWN) + '…' : name;
        return new FormProblem.Malformed(message.formatted(shown));
    }

    /** The file of the form on its way to disk. */
    private final class FileReading {
        private final HttpServerFileUpload upload;
        private final Path path = spool.newFile();
        private final MessageDigest digest = sha256();
        private final Promise<SpooledFile> written = Promise.promise();
        private @Nullable AsyncFile output;
        private long size;
        private boolean aborted;

        FileReading(HttpServerFileUpload upload) {
            this.upload = upload;
            upload.pause();
            upload.handler(this::write);
            upload.endHandler(_ -> finish());
            upload.exceptionHandler(FormReading.this::failed);
            vertx.fileSystem()
                    .open(path.toString(), new OpenOptions().setCreateNew(true).setWrite(true))
                    .onSuccess(this::opened)
                    .onFailure(FormReading.this.promise::tryFail);
        }

        Future<SpooledFile> completed() {
            return written.future();
        }

        private void opened(AsyncFile opened) {
            output = opened;
            if (aborted) {
                discard();
            } else {
                opened.exceptionHandler(FormReading.this.promise::tryFail);
                upload.resume();
            }
        }

        private void write(Buffer chunk) {
            if (aborted || output == null) {
                return;
            }
            if (!spool.reserve(chunk.length())) {
                fail(new FormProblem.NoRoom());
                return;
            }
            size += chunk.length();
            digest.update(chunk.getBytes());
            output.write(chunk).onFailure(FormReading.this.promise::tryFail);
            if (output.writeQueueFull()) {
                upload.pause();
                output.drainHandler(_ -> upload.resume());
            }
        }

        private void finish() {
            if (aborted || output == null) {
                return;
            }
            output.close()
                    .map(_ -> new SpooledFile(
                            path, upload.filename(), size, HexFormat.of().formatHex(digest.digest())))
                    .onComplete(written);
        }

        void abort() {
            aborted = true;
            upload.handler(_ -> {});
            upload.resume();
            if (output != null) {
                discard();
            }
        }

        private void discard() {
            AsyncFile opened = output;
            if (opened != null) {
                opened.close().onComplete(_ -> spool.discard(path, size));
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
