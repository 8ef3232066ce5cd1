package io.docmill.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;

/** What a caller accepts. */
final class Negotiation {
    private Negotiation() {}

    /** Lets only those on who accept what the call answers. */
    static void requireAccepted(RoutingContext context, String... produced) {
        for (String type : produced) {
            if (accepts(context, type)) {
                context.next();
                return;
            }
        }
        context.fail(new ApiException(ApiError.notAcceptable(String.join(" or ", produced))));
    }

    /** Whether the caller takes this type; who says nothing takes any, and what is said of the type itself goes first (RFC 9110, 12.5.1). */
    static boolean accepts(RoutingContext context, String type) {
        List<MIMEHeader> accepted = context.parsedHeaders().accept();
        return context.request().getHeader(HttpHeaders.ACCEPT) == null
                || accepted.isEmpty()
                || accepted.stream()
                        .filter(header -> covers(header, type))
                        .max(Comparator.comparingInt(Negotiation::exactness))
                        .map(header -> header.weight() > 0)
                        .orElse(false);
    }

    /** Whether this type is the one that the caller names first among those it likes best. */
    static boolean prefers(RoutingContext context, String type) {
        return context.parsedHeaders().accept().stream()
                .filter(header -> header.weight() > 0)
                .findFirst()
                .map(header -> header.value().equalsIgnoreCase(type))
                .orElse(false);
    }

    private static boolean covers(MIMEHeader header, String type) {
        String[] parts = type.split("/", 2);
        return ("*".equals(header.component()) || header.component().equalsIgnoreCase(parts[0]))
                && ("*".equals(header.subComponent()) || header.subComponent().equalsIgnoreCase(parts[1]));
    }

    private static int exactness(MIMEHeader header) {
        return ("*".equals(header.component()) ? 0 : 1) + ("*".equals(header.subComponent()) ? 0 : 1);
    }
}
