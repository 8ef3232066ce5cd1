package io.docmill.gateway.http;

import io.docmill.model.id.SourceId;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parameters of path and query, the latter each known and given once. */
final class Parameters {
    private static final int DEFAULT_LISTED = 20;
    private static final int MOST_LISTED = 100;

    private Parameters() {}

    /**
     * Refuses parameters that the call does not take.
     *
     * @throws ApiException naming those it takes
     */
    static void allow(RoutingContext context, String... names) {
        Set<String> allowed = Set.of(names);
        for (String name : context.queryParams().names()) {
            if (!allowed.contains(name)) {
                String takes = allowed.isEmpty() ? "none" : String.join(", ", names);
                throw new ApiException(ApiError.invalidRequest(
                        "'%s' is not a query parameter of this call; it takes: %s.".formatted(name, takes)));
            }
        }
    }

    /** A part of the path that the contract names. */
    static String path(RoutingContext context, String name) {
        String value = context.pathParam(name);
        if (value == null) {
            throw new IllegalStateException("the contract has no path parameter " + name);
        }
        return value;
    }

    /** The parameter's value, or null if it is absent. */
    static @Nullable String single(RoutingContext context, String name) {
        List<String> values = context.queryParam(name);
        if (values.size() > 1) {
            throw new ApiException(
                    ApiError.invalidRequest("'%s' was given %d times; give it once.".formatted(name, values.size())));
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /** How many a list tells at most. */
    static int limit(RoutingContext context) {
        return number(context, "limit", 1, MOST_LISTED, DEFAULT_LISTED);
    }

    /** The id after which a list goes on, or null for its beginning. */
    static <I> @Nullable I cursor(RoutingContext context, Function<String, Optional<I>> parse) {
        String cursor = single(context, "cursor");
        return cursor == null
                ? null
                : parse.apply(cursor).orElseThrow(() -> new ApiException(ApiError.invalidCursor()));
    }

    /** The id of a source of a kind after which a list goes on, or null for its beginning. */
    static @Nullable SourceId cursor(RoutingContext context, SourceId.Kind kind) {
        return cursor(context, text -> SourceId.parse(text).filter(id -> id.kind() == kind));
    }

    /** The parameter as a whole number within a range, or its default. */
    static int number(RoutingContext context, String name, int minimum, int maximum, int defaultValue) {
        String text = single(context, name);
        if (text == null) {
            return defaultValue;
        }
        if (text.matches("[0-9]{1,6}")) {
            int number = Integer.parseInt(text);
            if (number >= minimum && number <= maximum) {
                return number;
            }
        }
        throw new ApiException(
                ApiError.invalidRequest("'%s' takes a whole number from %d to %d.".formatted(name, minimum, maximum)));
    }
}
