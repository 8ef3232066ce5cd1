package io.docmill.gateway.http;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.deadletter.DeadLetters;
import io.docmill.gateway.download.DownloadUrls;
import io.docmill.gateway.file.FileService;
import io.docmill.gateway.http.form.BodyPace;
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
import io.docmill.platform.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The contract as a router: each operation of {@code openapi.yaml} has its handler here, and an operation without one
 * stops the start.
 */
public final class ApiRouter {
    private static final String JSON = "application/json";

    private final Vertx vertx;
    private final Requests requests;
    private final BodyPace pace;
    private final BodyPace longestPace;
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
    public record Limits(Duration waitLimit, ByteSize upload, Duration bodyPatience, Optional<URI> publicUrl) {}

    public ApiRouter(
            Vertx vertx,
            UseCases useCases,
            Limits limits,
            UploadSpool spool,
            DownloadUrls urls,
            ObjectStore objects,
            BlockingCalls blocking,
            MeterRegistry metrics,
            Tracing tracing) {
        this.vertx = vertx;
        requestLog = new RequestLog(metrics, tracing);
        requests = new Requests(useCases.keys(), limits.publicUrl());
        pace = new BodyPace(vertx, limits.bodyPatience());
        longestPace = new BodyPace(vertx, limits.bodyPatience().multipliedBy(2));
        FormReader forms = new FormReader(vertx, spool, limits.upload(), pace);
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
        return Contract.load(vertx).map(contract -> {
            ContractRoutes routes = new ContractRoutes(vertx, contract, requests);
            routes.form("createFile", files::create);
            routes.form("convertFile", conversions::convertFile);
            routes.plain("listFiles", files::list);
            routes.plain("getFile", files::get);
            routes.plain("deleteFile", files::delete);
            routes.plain("getConversion", conversions::get);
            routes.plain("cancelConversion", conversions::cancel);
            routes.unvalidated("convert").addHandler(oneCall::convert);
            routes.json("createRun", runs::create);
            routes.json("failRun", runs::fail);
            routes.json("exportRun", runs::export);
            routes.form("putRunOutput", runs::putOutput);
            routes.plain("listRuns", runs::list);
            routes.plain("getRun", runs::get);
            routes.plain("deleteRun", runs::delete);
            routes.plain("listFormats", FormatHandlers::list);
            routes.unvalidated("getFileContent")
                    .addHandler(Requests::dropBody)
                    .addHandler(context -> Negotiation.requireAccepted(context, JSON, "application/octet-stream"))
                    .addHandler(files::content);
            routes.unvalidated("download").addHandler(downloads::download);
            routes.unvalidated("headDownload").addHandler(downloads::download);
            routes.json("createKey", Requests::requireOperator).addHandler(keys::create);
            routes.operator("listKeys", keys::list);
            routes.operator("revokeKey", keys::revoke);
            routes.operator("listDeadLetters", deadLetters::list);
            routes.operator("getDeadLetter", deadLetters::get);
            routes.operator("replayDeadLetter", deadLetters::replay);
            routes.operator("dropDeadLetter", deadLetters::drop);
            routes.operator("getStatus", status::get);
            return complete(contract, routes.create());
        });
    }

    /**
     * Where a body is read its reader answers 408 before this; where a call takes none, and is answered at once, its connection ends.
     */
    private void endUnreadBody(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (Requests.hasBody(request)) {
            longestPace.watch(request, () -> request.connection().close());
        }
        context.next();
    }

    private Router complete(Contract contract, Router operations) {
        ErrorHandler errors = new ErrorHandler(vertx, contract.operations());
        Router router = Router.router(vertx);
        router.route().handler(requestLog::begin);
        router.route().handler(requests::identify);
        router.route().handler(this::endUnreadBody);
        ContractPages.serve(router);
        JsonBodies.readFor(contract.operations(), router, requests, pace);
        router.route("/*").subRouter(operations);
        router.route().failureHandler(errors::handle);
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
            router.errorHandler(status, errors::handle);
        }
        return router;
    }
}
