package io.docmill.gateway.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/**
 * The contract for people: {@code /docs} shows {@code /openapi.yaml} by Swagger UI. All of it comes from here, so that it works in
 * a closed network and no other host learns who reads it. Needs no key.
 */
final class ContractPages {
    /** Where the webjar has its files. */
    private static final String SWAGGER_UI = "META-INF/resources/webjars/swagger-ui/5.31.0/";

    private static final String OWN = "io/docmill/gateway/http/docs/";
    private static final String DOCS = "/docs";

    /** What a page of documentation needs, and nothing from elsewhere. Swagger UI sets styles of elements and draws with data URLs. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private record Page(String resource, String type) {}

    private static final Map<String, Page> PAGES = Map.of(
            DOCS,
            new Page(OWN + "index.html", "text/html; charset=utf-8"),
            DOCS + "/docs.js",
            new Page(OWN + "docs.js", "text/javascript; charset=utf-8"),
            DOCS + "/docs.css",
            new Page(OWN + "docs.css", "text/css; charset=utf-8"),
            DOCS + "/swagger-ui.css",
            new Page(SWAGGER_UI + "swagger-ui.css", "text/css; charset=utf-8"),
            DOCS + "/swagger-ui-bundle.js",
            new Page(SWAGGER_UI + "swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
            DOCS + "/favicon.png",
            new Page(SWAGGER_UI + "favicon-32x32.png", "image/png"),
            "/" + Contract.FILE,
            new Page(Contract.FILE, "application/yaml"));

    private ContractPages() {}

    /** Has a router serve them. {@code /} leads to them. */
    static void serve(Router router) {
        PAGES.forEach((path, page) -> router.get(path).handler(send(path, page)));
        router.get("/")
                .handler(context -> context.response()
                        .setStatusCode(302)
                        .putHeader("Location", DOCS)
                        .end()
                        .onFailure(context::fail));
        // Else the operations' router, which has none of these paths, would answer that they do not exist.
        PAGES.keySet().forEach(path -> router.route(path).handler(context -> context.fail(405)));
        router.route("/").handler(context -> context.fail(405));
    }

    private static Handler<RoutingContext> send(String path, Page page) {
        return context -> {
            RequestLog.name(context, "docs", path);
            context.response()
                    .putHeader("Content-Type", page.type())
                    .putHeader("Content-Security-Policy", POLICY)
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Referrer-Policy", "no-referrer")
                    .putHeader("Cache-Control", "public, max-age=300")
                    .sendFile(page.resource())
                    .onFailure(context::fail);
        };
    }
}
