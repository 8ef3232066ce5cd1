package io.docmill.gateway.list;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param items newest first; fewer than were asked for where some went away meanwhile
 * @param next the id to go on after, or null at the end
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }

    /**
     * Looks up what a page lists.
     *
     * @param ids in their order, one more than the page takes where there is more
     * @param limit how many the page takes
     * @param look empty for what went away meanwhile
     */
    public static <I, T> Page<T> of(List<I> ids, int limit, Function<I, Optional<T>> look) {
        List<T> items =
                ids.stream().limit(limit).flatMap(id -> look.apply(id).stream()).toList();
        return new Page<>(items, ids.size() > limit ? ids.get(limit - 1).toString() : null);
    }
}
