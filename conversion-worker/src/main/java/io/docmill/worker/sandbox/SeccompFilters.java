package io.docmill.worker.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The filters for system calls, as files that bubblewrap and setpriv read.
 *
 * @param withNamespaces for programs in namespaces of their own
 * @param withoutNamespaces for programs that Landlock alone keeps in
 */
public record SeccompFilters(Path withNamespaces, Path withoutNamespaces) {

    /**
     * Writes the filters of this machine.
     *
     * @param directory exists; where they stay for as long as programs are started
     * @throws SandboxUnavailableException on a machine whose system calls are not known here
     */
    public static SeccompFilters write(Path directory) throws IOException {
        var machine = Machine.required();
        return new SeccompFilters(
                Files.write(
                        directory.resolve("with-namespaces.bpf"),
                        SeccompFilter.withNamespaces(machine).bytes()),
                Files.write(
                        directory.resolve("without-namespaces.bpf"),
                        SeccompFilter.withoutNamespaces(machine).bytes()));
    }
}
