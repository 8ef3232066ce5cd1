package io.docmill.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the Docmill of this machine keeps its data: who runs it and who calls it must look at the same place. */
public final class DataLocation {
    private DataLocation() {}

    /**
     * The data directory for this process' environment: the option, else {@code $DOCMILL_DATA}, else {@code ~/.docmill}.
     * Whether it exists is not looked at.
     *
     * @param option what {@code --data} says, null where it is not given
     * @return an absolute path
     */
    public static Path of(@Nullable Path option) {
        return of(option, Invocation.ofThisProcess());
    }

    static Path of(@Nullable Path option, Invocation invocation) {
        Path directory = Optional.ofNullable(option)
                .or(() -> invocation.variable("DOCMILL_DATA").map(Path::of))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".docmill"));
        return invocation.resolve(directory);
    }
}
