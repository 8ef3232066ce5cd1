package io.docmill.gateway.http;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.deadletter.DeadLetters;
import io.docmill.gateway.download.DownloadUrls;
import io.docmill.gateway.file.FileService;
import io.docmill.gateway.http.form.FormReader;
import io.docmill.gateway.http.form.UploadSpool;
import io.docmill.gateway.key.ApiKeys;
import io.docmill.gateway.key.KeyRevocation;
import io.docmill.gateway.key.StoredKeys;
import io.docmill.gateway.onecall.OneCallConversions;
import io.docmill.gateway.run.RunService;
import io.docmill.gateway.status.ServiceStatus;
import io.docmill.platform.config.ByteSize;
import io.docmill.platform.storage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The contract as a router: each operation of {@code openapi.yaml} has its handler here, and an operation without one
 * stops the start.
 */
public final class ApiRouter {
    private static final String CONTRACT = "openapi.yaml";
    private static final String JSON = "application/json";

    private final Vertx vertx;
    private final Requests requests;
    private final RequestLog requestLog;
    private final FileHandlers files;
    private final ConversionHandlers conversions;
    private final RunHandlers runs;
    private final OneCallHandlers oneCall;
    private final KeyHandlers keys;
    private final DeadLetterHandlers deadLetters;
    private final StatusHandlers status;
    private final DownloadHandlers downloads;

    /** What the handlers call. */
    public record UseCases(
            ApiKeys keys,
            FileService files,
            RunService runs,
            ConversionService conversions,
            OneCallConversions oneCall,
            Operations operations) {}

    /** What the handlers of operators call. */
    public record Operations(
            StoredKeys keys, KeyRevocation revocation, DeadLetters deadLetters, ServiceStatus status) {}

    /** What the handlers are told. */
    public record Limits(Duration waitLimit, ByteSize upload, Optional<URI> publicUrl) {}

    public ApiRouter(
            Vertx vertx,
            UseCases useCases,
            Limits limits,
            UploadSpool spool,
            DownloadUrls urls,
            ObjectStore objects,
            BlockingCalls blocking,
            MeterRegistry metrics) {
        this.vertx = vertx;
        requestLog = new RequestLog(metrics);
        requests = new Requests(useCases.keys(), limits.publicUrl());
        FormReader forms = new FormReader(vertx, spool, limits.upload());
        ObjectStreaming streaming = new ObjectStreaming(objects, blocking);
        Uploads uploads = new Uploads(forms, spool);
        ConversionAnswers answers = new ConversionAnswers(requests, limits.waitLimit());
        files = new FileHandlers(useCases.files(), uploads, urls, streaming, requests);
        conversions = new ConversionHandlers(useCases.conversions(), forms, answers);
        oneCall = new OneCallHandlers(useCases.oneCall(), uploads, answers, streaming);
        runs = new RunHandlers(useCases.runs(), useCases.conversions(), uploads, answers);
        Operations operations = useCases.operations();
        keys = new KeyHandlers(operations.keys(), operations.revocation(), blocking);
        deadLetters = new DeadLetterHandlers(operations.deadLetters());
        status = new StatusHandlers(operations.status());
        downloads = new DownloadHandlers(urls, streaming);
    }

    /** Reads the contract and makes its router. Fails if the contract and the handlers do not fit. */
    public Future<Router> create() {
        return OpenAPIContract.from(vertx, CONTRACT).map(contract -> {
            RouterBuilder builder = RouterBuilder.create(vertx, contract, RequestExtractor.withBodyHandler());
            form(builder, "createFile", files::create);
            form(builder, "convertFile", conversions::convertFile);
            plain(builder, "listFiles", files::list);
            plain(builder, "getFile", files::get);
            plain(builder, "deleteFile", files::delete);
            plain(builder, "getConversion", conversions::get);
            plain(builder, "cancelConversion", conversions::cancel);
            unvalidated(builder, "convert").addHandler(requests::authenticate).addHandler(oneCall::convert);
            json(builder, "createRun", runs::create);
            json(builder, "failRun", runs::fail);
            json(builder, "exportRun", runs::export);
            form(builder, "putRunOutput", runs::putOutput);
            plain(builder, "listRuns", runs::list);
            plain(builder, "getRun", runs::get);
            plain(builder, "deleteRun", runs::delete);
            plain(builder, "listFormats", FormatHandlers::list);
            unvalidated(builder, "getFileContent")
                    .addHandler(requests::authenticate)
                    .addHandler(Requests::dropBody)
                    .addHandler(context -> Negotiation.requireAccepted(context, JSON, "application/octet-stream"))
                    .addHandler(files::content);
            unvalidated(builder, "download").addHandler(downloads::download);
            unvalidated(builder, "headDownload").addHandler(downloads::download);
            json(builder, "createKey", Requests::requireOperator).addHandler(keys::create);
            operator(builder, "listKeys", keys::list);
            operator(builder, "revokeKey", keys::revoke);
            operator(builder, "listDeadLetters", deadLetters::list);
            operator(builder, "getDeadLetter", deadLetters::get);
            operator(builder, "replayDeadLetter", deadLetters::replay);
            operator(builder, "dropDeadLetter", deadLetters::drop);
            operator(builder, "getStatus", status::get);
            return complete(builder, contract);
        });
    }

    /** Forms and parameters are validated by their handlers: the router's validation holds whole bodies in memory and takes the last of repeated fields. */
    private static OpenAPIRoute unvalidated(RouterBuilder builder, String operation) {
        return named(builder, operation).setDoValidation(false);
    }

    private static OpenAPIRoute named(RouterBuilder builder, String operation) {
        return route(builder, operation).addHandler(context -> {
            RequestLog.name(context, operation);
            context.next();
        });
    }

    private static OpenAPIRoute route(RouterBuilder builder, String operation) {
        OpenAPIRoute route = builder.getRoute(operation);
        if (route == null) {
            throw new IllegalStateException("the contract has no operation " + operation);
        }
        return route;
    }

    private void form(RouterBuilder builder, String operation, Handler<RoutingContext> handler) {
        unvalidated(builder, operation)
                .addHandler(requests::authenticate)
                .addHandler(context -> Negotiation.requireAccepted(context, JSON))
                .addHandler(handler);
    }

    private void plain(RouterBuilder builder, String operation, Handler<RoutingContext> handler) {
        unvalidated(builder, operation)
                .addHandler(requests::authenticate)
                .addHandler(Requests::dropBody)
                .addHandler(context -> Negotiation.requireAccepted(context, JSON))
                .addHandler(handler);
    }

    private void operator(RouterBuilder builder, String operation, Handler<RoutingContext> handler) {
        unvalidated(builder, operation)
                .addHandler(requests::authenticate)
                .addHandler(Requests::dropBody)
                .addHandler(Requests::requireOperator)
                .addHandler(context -> Negotiation.requireAccepted(context, JSON))
                .addHandler(handler);
    }

    /** What {@link JsonBodies} has read for a caller with a key is validated by the contract. */
    private static OpenAPIRoute json(RouterBuilder builder, String operation, Handler<RoutingContext> handler) {
        return named(builder, operation)
                .addHandler(context -> Negotiation.requireAccepted(context, JSON))
                .addHandler(handler);
    }

    private Router complete(RouterBuilder builder, OpenAPIContract contract) {
        contract.operations().forEach(operation -> {
            if (route(builder, operation.getOperationId()).getHandlers().isEmpty()) {
                throw new IllegalStateException("operation " + operation.getOperationId() + " has no handler");
            }
        });
        ErrorHandler errors = new ErrorHandler(vertx, contract);
        Router router = Router.router(vertx);
        router.route().handler(requestLog::begin);
        router.route().handler(requests::identify);
        router.get("/openapi.yaml")
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/yaml")
                        .sendFile(CONTRACT)
                        .onFailure(context::fail));
        JsonBodies.readFor(contract, router, requests);
        router.route("/*").subRouter(builder.createRouter());
        router.route().failureHandler(errors::handle);
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
            router.errorHandler(status, errors::handle);
        }
        return router;
    }
}
