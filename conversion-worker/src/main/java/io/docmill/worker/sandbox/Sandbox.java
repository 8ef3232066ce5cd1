package io.docmill.worker.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A way to keep programs in. Safe for use from many threads. */
public sealed interface Sandbox permits BubblewrapSandbox, LandlockSandbox, NoSandbox {

    /** The name by which it is configured and shown. */
    String name();

    /**
     * Makes a directory for a slot and gives it to the user that the slot's programs run as.
     *
     * @param root absent, or one that was made before
     */
    SlotDirectory createSlot(Path root) throws IOException;

    /**
     * The command that runs a program inside. Its working directory is {@link SlotDirectory#files()}.
     *
     * @param slot made by {@link #createSlot}. Only below its document, scratch, home and socket directories can the program
     *     write; with its profile and the system's programs and fonts they are all that it can read
     * @param environment the whole environment of the program
     * @param command the program by its absolute path, and its arguments, which name files as {@link #inside} says
     */
    List<String> command(SlotDirectory slot, Map<String, String> environment, List<String> command);

    /** The path by which a program inside knows a file below {@link SlotDirectory#files()}. */
    Path inside(SlotDirectory slot, Path file);

    /**
     * The directory outside in which the Unix socket appears that LibreOffice opens inside. LibreOffice must be told
     * {@link SlotDirectory#SOCKETS_FROM_FILES} for it, as OSL_SOCKET_PATH.
     */
    Path sockets(SlotDirectory slot);
}
