package io.docmill.embedded;

import java.nio.file.Path;

/** Another server has the directory. Its message names the process. */
public final class DirectoryInUseException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String holder;

    DirectoryInUseException(Path directory, String server, String holder) {
        super(server + " can't start: " + directory + " is in use by process " + holder
                + ". Stop that one first, or choose another data directory.");
        this.holder = holder;
    }

    /** The id of the process that has it; empty where that process has only just taken it. */
    public String holder() {
        return holder;
    }
}
