package io.docmill.gateway.http;

import io.docmill.gateway.download.DownloadUrls;
import io.docmill.gateway.download.FileNames;
import io.docmill.gateway.download.SignedLocation;
import io.docmill.gateway.file.FileService;
import io.docmill.gateway.file.FileService.StoredFile;
import io.docmill.model.id.SourceId;
import io.docmill.model.storage.ObjectKeys;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** {@code /v1/files}: upload, list, look, download, delete. */
final class FileHandlers {
    private static final String OCTET_STREAM = "application/octet-stream";

    private final FileService files;
    private final Uploads uploads;
    private final DownloadUrls urls;
    private final ObjectStreaming streaming;
    private final Requests requests;

    FileHandlers(FileService files, Uploads uploads, DownloadUrls urls, ObjectStreaming streaming, Requests requests) {
        this.files = files;
        this.uploads = uploads;
        this.urls = urls;
        this.streaming = streaming;
        this.requests = requests;
    }

    void create(RoutingContext context) {
        Parameters.allow(context);
        uploads.receive(context, file -> files.keep(Requests.caller(context).scope(), file))
                .compose(upload -> switch (upload) {
                    case FileService.Upload.Kept(var kept) -> Responses.json(context, 201, Responses.file(kept));
                    case FileService.Upload.Refused(var refusal) ->
                        Future.failedFuture(new ApiException(Uploads.error(refusal)));
                })
                .onFailure(context::fail);
    }

    void list(RoutingContext context) {
        Parameters.allow(context, "limit", "cursor");
        SourceId after = Parameters.cursor(context, SourceId.Kind.FILE);
        files.list(Requests.caller(context).scope(), after, Parameters.limit(context))
                .compose(page -> Responses.json(context, 200, Responses.page(page, Responses::file)))
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
