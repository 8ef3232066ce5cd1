package io.docmill.worker.libreoffice;

import io.docmill.worker.sandbox.ResourceLimits;
import io.docmill.worker.sandbox.SlotUsers;
import java.nio.file.Path;

/**
 * How the engine is set up.
 *
 * @param officeHome where LibreOffice is installed: the directory that holds {@code program/soffice.bin}
 * @param workDirectory the engine's own, one engine at a time; best in memory (tmpfs). Its path may have 70 bytes: a Unix
 *     socket below it may have 107
 * @param slots conversions at a time, from 1; one LibreOffice each and one more as a spare, some 200 MiB each
 * @param sandbox what keeps documents in
 * @param resourceLimits what the kernel allows each process
 * @param documentsPerProcess a process is replaced after so many documents: LibreOffice grows by 0.5 MiB a document
 * @param residentMarkBytes a process that holds more than this between two documents is replaced
 * @param firstSlotUser a worker that is root runs each LibreOffice as another of the 500 users after this number, and opens
 *     directories above to the group of this number
 */
public record JodConverterSettings(
        Path officeHome,
        Path workDirectory,
        int slots,
        SandboxChoice sandbox,
        ResourceLimits resourceLimits,
        int documentsPerProcess,
        long residentMarkBytes,
        int firstSlotUser) {

    /** The ways to keep documents in. */
    public enum SandboxChoice {
        /** The strongest that holds on this machine, or no start. */
        AUTO,
        /** Namespaces, or no start. */
        BUBBLEWRAP,
        /** Landlock, which needs no privilege, or no start. */
        LANDLOCK,
        /** No walls at all. */
        NONE
    }

    /** Where Debian puts LibreOffice. */
    public static final Path DEBIAN_OFFICE_HOME = Path.of("/usr/lib/libreoffice");

    public JodConverterSettings {
        if (slots < 1) {
            throw new IllegalArgumentException("An engine needs at least 1 slot, not " + slots);
        }
        if (documentsPerProcess < 1) {
            throw new IllegalArgumentException(
                    "A process takes at least 1 document before it is replaced, not " + documentsPerProcess);
        }
        if (firstSlotUser < 1) {
            throw new IllegalArgumentException("LibreOffice does not run as user " + firstSlotUser);
        }
        officeHome = officeHome.toAbsolutePath();
        workDirectory = workDirectory.toAbsolutePath();
    }

    /** Debian's LibreOffice in the strongest sandbox, replaced after 100 documents or past 700 MiB. */
    public static JodConverterSettings of(Path workDirectory, int slots) {
        return new JodConverterSettings(
                DEBIAN_OFFICE_HOME,
                workDirectory,
                slots,
                SandboxChoice.AUTO,
                ResourceLimits.DEFAULT,
                100,
                700L << 20,
                SlotUsers.DEFAULT_FIRST);
    }
}
