package io.docmill.worker.libreoffice;

import io.docmill.platform.files.PrivateDirectory;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.ResourceLimits;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that an engine of LibreOffices stands on, looked at and found whole. Belongs to one engine at a time, and ends all processes
 * that were started in it when it is closed.
 *
 * @param office the installation
 * @param fonts those that it draws by beside the system's
 * @param template the profile that each LibreOffice gets a copy of
 * @param programs those beside LibreOffice
 * @param selection what keeps programs in
 * @param limits what the kernel allows each process
 * @param launcher starts processes
 * @param slotRoot below it each process has a directory
 * @param lock on the work directory
 */
record OfficeWorkplace(
        OfficeInstallation office,
        LocalFonts fonts,
        ProfileTemplate template,
        Programs programs,
        SandboxSelection selection,
        ResourceLimits limits,
        ProcessLauncher launcher,
        Path slotRoot,
        FileChannel lock)
        implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OfficeWorkplace.class);

    /** sun_path of unix(7) holds 108 bytes with the closing zero; below the work directory come up to 37. */
    private static final int LONGEST_WORK_DIRECTORY = 70;

    /**
     * Claims the work directory, removes what an earlier engine left, checks LibreOffice, proves the sandbox and makes the profile
     * template if there is none yet.
     *
     * @param profileSettings of the profile, such as {@link ProfileTemplate#hardenedSettings()}
     * @throws EngineUnavailableException if something is missing; the message says what to install or to configure
     */
    static OfficeWorkplace open(LibreOfficeSettings settings, byte[] profileSettings) {
        var work = settings.workDirectory();
        var lock = lock(work);
        var launcher = new ProcessLauncher();
        try {
            removeOldSlots(work);
            var programs = Programs.find();
            OfficeInstallation.requireParts(settings.officeHome());
            var selection = SandboxSelection.choose(settings, launcher);
            var sandbox = selection.sandbox();
            var office =
                    OfficeInstallation.inspect(settings.officeHome(), sandbox, launcher, work.resolve("slots/version"));
            var template = ProfileTemplate.prepare(
                    office,
                    profileSettings,
                    sandbox,
                    launcher,
                    work.resolve("profiles"),
                    work.resolve("slots/template"));
            return new OfficeWorkplace(
                    office,
                    findFonts(),
                    template,
                    programs,
                    selection,
                    settings.resourceLimits(),
                    launcher,
                    work.resolve("slots"),
                    lock);
        } catch (IOException e) {
            abandon(launcher, lock);
            throw unusable(e);
        } catch (RuntimeException e) {
            abandon(launcher, lock);
            throw e;
        }
    }

    private static LocalFonts findFonts() throws IOException {
        var fonts = LocalFonts.in(LocalFonts.DIRECTORY);
        log.atInfo()
                .addKeyValue("directory", LocalFonts.DIRECTORY)
                .addKeyValue("count", fonts.files().size())
                .addKeyValue("digest", fonts.digest())
                .addKeyValue("files", String.join(", ", fonts.files()))
                .log("Fonts beside the system's");
        return fonts;
    }

    /** The version of what converts: of LibreOffice, and of the fonts that were added. */
    String version() {
        return fonts.versionOf(office.version());
    }

    /** What a program made unremovable shall not keep a worker from starting. */
    private static void removeOldSlots(Path work) throws IOException {
        Path slots = work.resolve("slots");
        try {
            SlotDirectory.removeTree(slots);
        } catch (IOException | StackOverflowError e) {
            Path aside = work.resolve("unremovable-" + System.currentTimeMillis());
            Files.move(slots, aside, StandardCopyOption.ATOMIC_MOVE);
            log.atWarn()
                    .addKeyValue("directory", aside)
                    .setCause(e)
                    .log("Files of an earlier worker could not be removed and were put aside; remove them by hand");
        }
    }

    private static FileChannel lock(Path work) {
        if (work.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_WORK_DIRECTORY) {
            throw new EngineUnavailableException("The path of the work directory is too long for Unix sockets: " + work
                    + " has more than " + LONGEST_WORK_DIRECTORY + " bytes. Configure a shorter one.");
        }
        try {
            PrivateDirectory.claim(work);
            var channel =
                    FileChannel.open(work.resolve("engine.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw new EngineUnavailableException(
                    "Another engine uses the work directory " + work + ": give each worker its own", e);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static EngineUnavailableException unusable(IOException e) {
        return new EngineUnavailableException("The work directory cannot be used: " + e, e);
    }

    private static void abandon(ProcessLauncher launcher, FileChannel lock) {
        launcher.close();
        try {
            lock.close();
        } catch (IOException e) {
            log.debug("The lock ends with the process", e);
        }
    }

    Sandbox sandbox() {
        return selection.sandbox();
    }

    @Override
    public void close() {
        abandon(launcher, lock);
    }
}
