package io.docmill.gateway.http;

import io.docmill.gateway.http.form.FormReader;
import io.docmill.gateway.http.form.SpooledFile;
import io.docmill.gateway.http.form.UploadSpool;
import io.docmill.gateway.upload.UploadedFile;
import io.docmill.inspection.Inspection;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Forms with a document in the part {@code file}: their file lies on disk for as long as it is used, and no longer. */
final class Uploads {
    private final FormReader forms;
    private final UploadSpool spool;

    Uploads(FormReader forms, UploadSpool spool) {
        this.forms = forms;
        this.spool = spool;
    }

    /** Reads a form of one file and nothing else, and uses the file, which is gone once the future has ended. */
    <T> Future<T> receive(RoutingContext context, Function<UploadedFile, Future<T>> use) {
        return receive(context, (file, fields) -> {
            if (!fields.isEmpty()) {
                throw new ApiException(ApiError.invalidRequest("This form has one part, 'file'; it does not take: "
                        + String.join(", ", new TreeSet<>(fields.keySet())) + "."));
            }
            return use.apply(file);
        });
    }

    /** Reads a form of one file and text fields, and uses them; the file is gone once the future has ended. */
    <T> Future<T> receive(RoutingContext context, BiFunction<UploadedFile, Map<String, String>, Future<T>> use) {
        return forms.readFile(context.request()).compose(form -> {
            SpooledFile file = form.file();
            if (file == null) {
                throw new IllegalStateException("a form is read with its file or not at all");
            }
            var uploaded = new UploadedFile(file.path(), file.name(), file.sha256());
            // Composed, so that the file is released after an exception too.
            return Future.succeededFuture()
                    .compose(_ -> use.apply(uploaded, form.fields()))
                    .onComplete(_ -> spool.release(file));
        });
    }

    /** Why a document was not taken. */
    static ApiError error(Inspection.Refused refusal) {
        return switch (refusal.reason()) {
            case EMPTY, CORRUPT -> ApiError.unprocessable("corrupt", refusal.message());
            case SUSPICIOUS -> ApiError.unprocessable("suspicious", refusal.message());
            case UNSUPPORTED -> ApiError.invalidRequest(refusal.message());
        };
    }
}
