package io.docmill.gateway.http;

import io.docmill.gateway.download.DownloadUrls;
import io.docmill.gateway.download.FileNames;
import io.docmill.gateway.download.SignedLocation;
import io.docmill.gateway.file.FileService;
import io.docmill.gateway.file.FileService.StoredFile;
import io.docmill.gateway.http.form.Form;
import io.docmill.gateway.http.form.FormReader;
import io.docmill.gateway.http.form.SpooledFile;
import io.docmill.gateway.http.form.UploadSpool;
import io.docmill.inspection.Inspection;
import io.docmill.model.id.SourceId;
import io.docmill.model.storage.ObjectKeys;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** {@code /v1/files}: upload, list, look, download, delete. */
final class FileHandlers {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MOST_LISTED = 100;
    private static final String OCTET_STREAM = "application/octet-stream";

    private final FileService files;
    private final FormReader forms;
    private final UploadSpool spool;
    private final DownloadUrls urls;
    private final ObjectStreaming streaming;
    private final Requests requests;

    FileHandlers(
            FileService files,
            FormReader forms,
            UploadSpool spool,
            DownloadUrls urls,
            ObjectStreaming streaming,
            Requests requests) {
        this.files = files;
        this.forms = forms;
        this.spool = spool;
        this.urls = urls;
        this.streaming = streaming;
        this.requests = requests;
    }

    void create(RoutingContext context) {
        Parameters.allow(context);
        forms.readFile(context.request()).compose(form -> keep(context, form)).onFailure(context::fail);
    }

    private Future<Void> keep(RoutingContext context, Form form) {
        SpooledFile file = form.file();
        if (file == null) {
            throw new IllegalStateException("a form is read with its file or not at all");
        }
        return keepFile(context, form, file).onComplete(_ -> spool.release(file));
    }

    private Future<Void> keepFile(RoutingContext context, Form form, SpooledFile file) {
        if (!form.fields().isEmpty()) {
            return Future.failedFuture(
                    new ApiException(ApiError.invalidRequest("This form has one part, 'file'; it does not take: "
                            + String.join(", ", new TreeSet<>(form.fields().keySet())) + ".")));
        }
        return files.keep(Requests.caller(context).scope(), file.path(), file.name(), file.sha256())
                .compose(upload -> switch (upload) {
                    case FileService.Upload.Kept(var kept) -> Responses.json(context, 201, Responses.file(kept));
                    case FileService.Upload.Refused(var refusal) ->
                        Future.failedFuture(new ApiException(error(refusal)));
                });
    }

    private static ApiError error(Inspection.Refused refusal) {
        return switch (refusal.reason()) {
            case EMPTY, CORRUPT -> ApiError.unprocessable("corrupt", refusal.message());
            case SUSPICIOUS -> ApiError.unprocessable("suspicious", refusal.message());
            case UNSUPPORTED -> ApiError.invalidRequest(refusal.message());
        };
    }

    void list(RoutingContext context) {
        Parameters.allow(context, "limit", "cursor");
        int limit = Parameters.number(context, "limit", 1, MOST_LISTED, DEFAULT_LIMIT);
        String cursor = Parameters.single(context, "cursor");
        SourceId after = cursor == null
                ? null
                : SourceId.parse(cursor)
                        .filter(id -> id.kind() == SourceId.Kind.FILE)
                        .orElseThrow(() -> new ApiException(
                                ApiError.invalidRequest("'cursor' takes the 'next_cursor' of a list, unchanged.")));
        files.list(Requests.caller(context).scope(), after, limit)
                .compose(page -> {
                    Map<String, Object> body = new LinkedHashMap<>();
                    body.put("data", page.files().stream().map(Responses::file).toList());
                    body.put("next_cursor", page.next());
                    return Responses.json(context, 200, body);
                })
                .onFailure(context::fail);
    }

    void get(RoutingContext context) {
        Parameters.allow(context);
        find(context)
                .compose(file -> Responses.json(context, 200, Responses.file(file)))
                .onFailure(context::fail);
    }

    void content(RoutingContext context) {
        Parameters.allow(context);
        find(context)
                .compose(file -> Negotiation.prefers(context, OCTET_STREAM) ? bytes(context, file) : url(context, file))
                .onFailure(context::fail);
    }

    private Future<Void> bytes(RoutingContext context, StoredFile file) {
        return streaming.send(
                context,
                ObjectKeys.source(Requests.caller(context).scope(), file.id()),
                FileNames.original(file.record()),
                file.record().format().mediaType());
    }

    private Future<Void> url(RoutingContext context, StoredFile file) {
        SignedLocation location = urls.sign(
                ObjectKeys.source(Requests.caller(context).scope(), file.id()),
                FileNames.original(file.record()),
                file.record().format().mediaType());
        Map<String, Object> body = Responses.file(file);
        body.put("download_url", location.url(requests.baseUrl(context)));
        body.put("expires_at", location.expiresAt());
        return Responses.json(context, 200, body);
    }

    void delete(RoutingContext context) {
        Parameters.allow(context);
        files.delete(Requests.caller(context).scope(), fileId(context))
                .compose(existed -> existed
                        ? context.response().setStatusCode(204).end()
                        : Future.failedFuture(new ApiException(ApiError.notFound())))
                .onFailure(context::fail);
    }

    private Future<StoredFile> find(RoutingContext context) {
        return files.find(Requests.caller(context).scope(), fileId(context))
                .map(file -> file.orElseThrow(() -> new ApiException(ApiError.notFound())));
    }

    /** A malformed id is the id of nothing. */
    static SourceId fileId(RoutingContext context) {
        return SourceId.parse(Parameters.path(context, "file_id"))
                .filter(id -> id.kind() == SourceId.Kind.FILE)
                .orElseThrow(() -> new ApiException(ApiError.notFound()));
    }
}
