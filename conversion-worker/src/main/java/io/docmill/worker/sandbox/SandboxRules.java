package io.docmill.worker.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What holds in every sandbox of a worker.
 *
 * @param limits what the kernel allows each process
 * @param filters the system calls that are refused
 * @param users what slots run as
 * @param readable directories that programs inside may read and run besides the system's, such as an office outside of /usr
 */
public record SandboxRules(ResourceLimits limits, SeccompFilters filters, SlotUsers users, List<Path> readable) {

    public SandboxRules {
        readable = List.copyOf(readable);
    }

    /**
     * Makes a directory for a slot whose programs are in no mount namespace of their own, and gives it to the user that they run
     * as.
     *
     * @param root absent, or one that was made before
     */
    public SlotDirectory createSlot(Path root) throws IOException {
        return SlotDirectory.createReachable(root, users.next());
    }

    /** Whether each slot's programs run as a user of their own. */
    public boolean hasUsers() {
        return users.isPresent();
    }
}
