package io.docmill.gateway.http;

import io.docmill.gateway.download.DownloadUrls;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** {@code /v1/downloads}: what the gateway itself signed. Needs no key. */
final class DownloadHandlers {
    private final DownloadUrls urls;
    private final ObjectStreaming streaming;

    DownloadHandlers(DownloadUrls urls, ObjectStreaming streaming) {
        this.urls = urls;
        this.streaming = streaming;
    }

    void download(RoutingContext context) {
        Parameters.allow(context);
        urls.verify(Parameters.path(context, "token"))
                .map(download -> streaming.send(context, download.key(), download.name(), download.type()))
                .orElseGet(() -> Future.failedFuture(new ApiException(ApiError.expiredDownload())))
                .onFailure(context::fail);
    }
}
