package io.docmill.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;

/** Binds the operations of the contract to their handlers. Where the contract asks for a key, only callers with one come on. */
final class ContractRoutes {
    private static final String JSON = "application/json";

    private final Contract contract;
    private final RouterBuilder builder;
    private final Requests requests;

    ContractRoutes(Vertx vertx, Contract contract, Requests requests) {
        this.contract = contract;
        this.requests = requests;
        builder = RouterBuilder.create(vertx, contract.operations(), RequestExtractor.withBodyHandler());
    }

    /** Forms and parameters are validated by their handlers: the router's validation holds whole bodies in memory and takes the last of repeated fields. */
    OpenAPIRoute unvalidated(String operation) {
        OpenAPIRoute route = named(operation).setDoValidation(false);
        return contract.needsKey(operation) ? route.addHandler(requests::authenticate) : route;
    }

    private OpenAPIRoute named(String operation) {
        OpenAPIRoute route = route(operation);
        String path = route.getOperation().getOpenAPIPath();
        return route.addHandler(context -> {
            RequestLog.name(context, operation, path);
            context.next();
        });
    }

    private OpenAPIRoute route(String operation) {
        OpenAPIRoute route = builder.getRoute(operation);
        if (route == null) {
            throw new IllegalStateException("the contract has no operation " + operation);
        }
        return route;
    }

    void form(String operation, Handler<RoutingContext> handler) {
        unvalidated(operation)
                .addHandler(context -> Negotiation.requireAccepted(context, JSON))
                .addHandler(handler);
    }

    void plain(String operation, Handler<RoutingContext> handler) {
        unvalidated(operation)
                .addHandler(Requests::dropBody)
                .addHandler(context -> Negotiation.requireAccepted(context, JSON))
                .addHandler(handler);
    }

    void operator(String operation, Handler<RoutingContext> handler) {
        unvalidated(operation)
                .addHandler(Requests::dropBody)
                .addHandler(Requests::requireOperator)
                .addHandler(context -> Negotiation.requireAccepted(context, JSON))
                .addHandler(handler);
    }

    /** What {@link JsonBodies} has read for a caller with a key is validated by the contract. */
    OpenAPIRoute json(String operation, Handler<RoutingContext> handler) {
        return named(operation)
                .addHandler(context -> Negotiation.requireAccepted(context, JSON))
                .addHandler(handler);
    }

    /**
     * The routes of all operations.
     *
     * @throws IllegalStateException if one has no handler
     */
    Router create() {
        contract.operations().operations().forEach(operation -> {
            if (route(operation.getOperationId()).getHandlers().isEmpty()) {
                throw new IllegalStateException("operation " + operation.getOperationId() + " has no handler");
            }
        });
        return builder.createRouter();
    }
}
