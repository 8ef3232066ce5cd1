package io.docmill.worker.libreoffice;

import io.docmill.worker.sandbox.ResourceLimits;
import io.docmill.worker.sandbox.SlotQuota;
import io.docmill.worker.sandbox.SlotUsers;
import java.nio.file.Path;

/**
 * How an engine of LibreOffices is set up.
 *
 * @param officeHome where LibreOffice is installed: the directory that holds {@code program/soffice.bin}
 * @param workDirectory the engine's own, one engine at a time; best in memory (tmpfs). Its path may have 70 bytes: a Unix
 *     socket below it may have 107
 * @param slots conversions at a time, from 1; one LibreOffice each, some 200 MiB
 * @param spares how many more LibreOffices wait, from 1: so many faults or replacements at a time are made good at once
 * @param sandbox what keeps documents in
 * @param resourceLimits what the kernel allows each process
 * @param slotQuota what may lie in the directory of each LibreOffice; less where the work directory's disk is small
 * @param recycling when a LibreOffice is replaced that had no fault, where it has several documents
 * @param firstSlotUser a worker that is root runs each LibreOffice as another of the 500 users after this number, and opens
 *     directories above to the group of this number
 * @param engine where LibreOffices come from
 * @param forkServer how the fork server is set up, where that is used
 */
public record LibreOfficeSettings(
        Path officeHome,
        Path workDirectory,
        int slots,
        int spares,
        SandboxChoice sandbox,
        ResourceLimits resourceLimits,
        SlotQuota slotQuota,
        Recycling recycling,
        int firstSlotUser,
        EngineChoice engine,
        ForkServerSettings forkServer) {

    /** Where LibreOffices come from. */
    public enum EngineChoice {
        /** The fork server where it can be used, otherwise JODConverter. */
        AUTO,
        /** One for every document, forked, or no start. */
        FORK,
        /** Some that have one document after the other, driven by JODConverter. */
        JODCONVERTER
    }

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

    /** Whether tenants share LibreOffices. */
    public enum RecycleChoice {
        /** They do; a LibreOffice is replaced when it is worn. */
        WORN,
        /** They don't: a LibreOffice that had a document of one scope never has one of another. */
        SCOPE
    }

    /** Where Debian puts LibreOffice. */
    public static final Path DEBIAN_OFFICE_HOME = Path.of("/usr/lib/libreoffice");

    public LibreOfficeSettings {
        if (slots < 1) {
            throw new IllegalArgumentException("An engine needs at least 1 slot, not " + slots);
        }
        if (spares < 1) {
            throw new IllegalArgumentException("An engine needs at least 1 spare, not " + spares);
        }
        if (firstSlotUser < 1) {
            throw new IllegalArgumentException("LibreOffice does not run as user " + firstSlotUser);
        }
        officeHome = officeHome.toAbsolutePath();
        workDirectory = workDirectory.toAbsolutePath();
    }

    /** Debian's LibreOffice in the strongest sandbox, with one spare, and the other defaults. */
    public static LibreOfficeSettings of(Path workDirectory, int slots) {
        return new LibreOfficeSettings(
                DEBIAN_OFFICE_HOME,
                workDirectory,
                slots,
                1,
                SandboxChoice.AUTO,
                ResourceLimits.DEFAULT,
                SlotQuota.DEFAULT,
                Recycling.WORN,
                SlotUsers.DEFAULT_FIRST,
                EngineChoice.AUTO,
                ForkServerSettings.DEFAULT);
    }

    /** The same in another sandbox. */
    public LibreOfficeSettings withSandbox(SandboxChoice choice) {
        return new LibreOfficeSettings(
                officeHome,
                workDirectory,
                slots,
                spares,
                choice,
                resourceLimits,
                slotQuota,
                recycling,
                firstSlotUser,
                engine,
                forkServer);
    }

    /** The same with another quota. */
    public LibreOfficeSettings withSlotQuota(SlotQuota quota) {
        return new LibreOfficeSettings(
                officeHome,
                workDirectory,
                slots,
                spares,
                sandbox,
                resourceLimits,
                quota,
                recycling,
                firstSlotUser,
                engine,
                forkServer);
    }

    /** The same with other limits of the kernel. */
    public LibreOfficeSettings withResourceLimits(ResourceLimits limits) {
        return new LibreOfficeSettings(
                officeHome,
                workDirectory,
                slots,
                spares,
                sandbox,
                limits,
                slotQuota,
                recycling,
                firstSlotUser,
                engine,
                forkServer);
    }

    /** The same with another recycling, and so many spares. */
    public LibreOfficeSettings withRecycling(Recycling when, int number) {
        return new LibreOfficeSettings(
                officeHome,
                workDirectory,
                slots,
                number,
                sandbox,
                resourceLimits,
                slotQuota,
                when,
                firstSlotUser,
                engine,
                forkServer);
    }

    /** The same with LibreOffices from elsewhere. */
    public LibreOfficeSettings withEngine(EngineChoice choice) {
        return new LibreOfficeSettings(
                officeHome,
                workDirectory,
                slots,
                spares,
                sandbox,
                resourceLimits,
                slotQuota,
                recycling,
                firstSlotUser,
                choice,
                forkServer);
    }

    /** The same with another fork server. */
    public LibreOfficeSettings withForkServer(ForkServerSettings other) {
        return new LibreOfficeSettings(
                officeHome,
                workDirectory,
                slots,
                spares,
                sandbox,
                resourceLimits,
                slotQuota,
                recycling,
                firstSlotUser,
                engine,
                other);
    }

    /** All LibreOffices that are kept. */
    int processes() {
        return slots + spares;
    }
}
