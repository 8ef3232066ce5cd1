package io.docmill.worker.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A way to keep programs in. Stateless; safe for use from many threads. */
public sealed interface Sandbox permits BubblewrapSandbox, NoSandbox {

    /** The name by which it is configured and shown. */
    String name();

    /**
     * The command that runs a program inside.
     *
     * @param slot the only files that the program may write, and with the system's programs and fonts the only ones it sees
     * @param environment the whole environment of the program
     * @param command the program by its absolute path, and its arguments, which name files as {@link #inside} says
     */
    List<String> command(SlotDirectory slot, Map<String, String> environment, List<String> command);

    /** The path by which a program inside knows a file below {@link SlotDirectory#files()}. */
    Path inside(SlotDirectory slot, Path file);

    /** The directory outside in which a Unix socket appears that a program inside opens below {@code /tmp}. */
    Path sockets(SlotDirectory slot);
}
