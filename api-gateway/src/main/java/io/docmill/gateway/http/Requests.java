package io.docmill.gateway.http;

import com.github.f4b6a3.ulid.UlidCreator;
import io.docmill.gateway.conversion.CallerLeftException;
import io.docmill.gateway.key.ApiKeys;
import io.docmill.gateway.key.ApiKeys.Caller;
import io.docmill.platform.tracing.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every request has: an id, and a caller once its key was looked at. */
final class Requests {
    static final String REQUEST_ID_HEADER = "X-Request-Id";

    private static final String REQUEST_ID = "docmill.request-id";
    private static final String SPAN = "docmill.span";
    private static final String CALLER = "docmill.caller";
    private static final String BEARER = "Bearer ";

    /** What a caller's own request id may be: nothing that could forge a line of a log. */
    private static final Pattern SANE_REQUEST_ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    private final ApiKeys keys;
    private final Optional<URI> publicUrl;

    Requests(ApiKeys keys, Optional<URI> publicUrl) {
        this.keys = keys;
        this.publicUrl = publicUrl;
    }

    /** Gives the request its id, the caller's own when it is sane, and the answer the same. */
    void identify(RoutingContext context) {
        giveId(context);
        lowerMediaType(context.request());
        if (isQueryReadable(context.request())) {
            context.next();
        } else {
            context.fail(new ApiException(ApiError.invalidRequest(
                    "The query has a '%' that begins no escape; a percent sign itself is written '%25'.")));
        }
    }

    /** The routes would look at it first, and fail in their own way. */
    private static boolean isQueryReadable(HttpServerRequest request) {
        try {
            request.params();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Media types are not case-sensitive (RFC 9110), but some that read them are. */
    private static void lowerMediaType(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null) {
            int end = type.indexOf(';') < 0 ? type.length() : type.indexOf(';');
            request.headers()
                    .set(
                            HttpHeaders.CONTENT_TYPE,
                            type.substring(0, end).toLowerCase(Locale.ROOT) + type.substring(end));
        }
    }

    /** Gives a request an id that has none: a request that Vert.x itself refuses comes past no route. */
    static void giveId(RoutingContext context) {
        if (context.get(REQUEST_ID) != null) {
            return;
        }
        String own = context.request().getHeader(REQUEST_ID_HEADER);
        String id = own != null && SANE_REQUEST_ID.matcher(own).matches()
                ? own
                : UlidCreator.getMonotonicUlid().toString();
        context.put(REQUEST_ID, id);
        context.response().putHeader(REQUEST_ID_HEADER, id);
    }

    /** Lets only callers with a valid key on. The request waits paused meanwhile; the next handler reads or drops its body. */
    void authenticate(RoutingContext context) {
        HttpServerRequest request = context.request();
        String key = keyOf(request);
        if (key == null) {
            context.fail(new ApiException(ApiError.unauthorized()));
            return;
        }
        request.pause();
        keys.authenticate(key)
                .onSuccess(caller -> {
                    // Whatever reads the body would wait for its end for ever.
                    if (context.response().closed()) {
                        context.fail(new CallerLeftException(null));
                        return;
                    }
                    if (caller.isEmpty()) {
                        context.fail(new ApiException(ApiError.unauthorized()));
                        return;
                    }
                    context.put(CALLER, caller.get());
                    context.next();
                })
                .onFailure(context::fail);
    }

    /** Lets only operators on. */
    static void requireOperator(RoutingContext context) {
        switch (caller(context).role()) {
            case OPERATOR -> context.next();
            case USER -> context.fail(new ApiException(ApiError.forbidden()));
        }
    }

    /** Drops the body of a call that takes none. */
    static void dropBody(RoutingContext context) {
        context.request().resume();
        context.next();
    }

    /** Whether the request announces a body (RFC 9112). */
    static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || (length != null && !length.equals("0"));
    }

    private static @Nullable String keyOf(HttpServerRequest request) {
        String key = request.getHeader("X-API-Key");
        if (key != null) {
            return key.strip();
        }
        String authorization = request.getHeader("Authorization");
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length()).strip()
                : null;
    }

    /** Completed when the connection of a request that was not answered yet is closed. */
    static Future<Void> callerLeft(RoutingContext context) {
        Promise<Void> left = Promise.promise();
        context.response().closeHandler(_ -> left.tryComplete());
        return left.future();
    }

    /** The span of the request, which ends with it. */
    static TraceSpan span(RoutingContext context) {
        return context.get(SPAN, TraceSpan.NONE);
    }

    static void setSpan(RoutingContext context, TraceSpan span) {
        context.put(SPAN, span);
    }

    static String id(RoutingContext context) {
        return context.get(REQUEST_ID, "unknown");
    }

    /** Who calls; null as long as that was not looked at, and for who has no valid key. */
    static @Nullable Caller callerIfKnown(RoutingContext context) {
        return context.get(CALLER);
    }

    static Caller caller(RoutingContext context) {
        Caller caller = context.get(CALLER);
        if (caller == null) {
            throw new IllegalStateException("the route of " + context.normalizedPath() + " does not authenticate");
        }
        return caller;
    }

    /** The URL that paths of the gateway are below, as callers see it; without a slash at its end. */
    String baseUrl(RoutingContext context) {
        return publicUrl.map(url -> url.toString().replaceAll("/+$", "")).orElseGet(() -> ownUrl(context.request()));
    }

    private static String ownUrl(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        return request.scheme() + "://" + (authority == null ? request.localAddress() : authority);
    }
}
