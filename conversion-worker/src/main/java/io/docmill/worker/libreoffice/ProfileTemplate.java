package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The profile that every LibreOffice gets a copy of. Made once for a version and a set of settings, by letting LibreOffice
 * start on the settings alone, and kept for later starts: the first start on an empty profile costs a restart.
 *
 * @param directory holds the content of a profile; never written to again
 */
record ProfileTemplate(Path directory) {

    private static final Logger log = LoggerFactory.getLogger(ProfileTemplate.class);
    private static final String SETTINGS = "hardened-settings.xcu";
    private static final String REGISTRY = "user/registrymodifications.xcu";

    /** LibreOffice's wish to be started again, common on a fresh profile (EXITHELPER_NORMAL_RESTART). */
    private static final int RESTART_WANTED = 81;

    private static final long START_LIMIT_SECONDS = 60;

    /**
     * The template of an installation and of settings, made if there is none yet.
     *
     * @param settings a registrymodifications.xcu, such as {@link #hardenedSettings()}
     * @param cache where templates are kept
     * @param directory where LibreOffice may run for it; removed afterwards
     */
    static ProfileTemplate prepare(
            OfficeInstallation office,
            byte[] settings,
            Sandbox sandbox,
            ProcessLauncher launcher,
            Path cache,
            Path directory) {
        try {
            var template = cache.resolve("libreoffice-" + office.version() + "-" + digest(settings));
            if (!Files.exists(template)) {
                log.atInfo().addKeyValue("profile", template).log("Making the profile template of LibreOffice");
                make(office, sandbox, launcher, settings, directory, template);
            }
            return new ProfileTemplate(template);
        } catch (IOException e) {
            throw new EngineUnavailableException("The profile of LibreOffice could not be made below " + cache, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineUnavailableException("Interrupted while making the profile of LibreOffice", e);
        }
    }

    private static void make(
            OfficeInstallation office,
            Sandbox sandbox,
            ProcessLauncher launcher,
            byte[] settings,
            Path directory,
            Path template)
            throws IOException, InterruptedException {
        var slot = sandbox.createSlot(directory);
        try {
            // Not where the profile of a slot is: there nothing can be written from within.
            Path profile = slot.makeDirectory(slot.home().resolve("profile"));
            slot.makeDirectory(profile.resolve("user"));
            Files.write(profile.resolve(REGISTRY), settings);
            var command = new ArrayList<String>();
            command.addAll(List.of(office.program().toString(), "--headless", "--norestore", "--terminate_after_init"));
            command.addAll(arguments(sandbox, slot, profile));
            int exit = run(slot, sandbox.command(slot, OfficeEnvironment.of(sandbox, slot), command), launcher);
            if (exit != 0) {
                throw new EngineUnavailableException("LibreOffice does not start: it ended with " + exit + " and said: "
                        + Files.readString(slot.log()).strip());
            }
            Files.createDirectories(Objects.requireNonNull(template.getParent()));
            SlotDirectory.publish(profile);
            Files.move(profile, template, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            slot.remove();
        }
    }

    private static int run(SlotDirectory slot, List<String> command, ProcessLauncher launcher)
            throws IOException, InterruptedException {
        int exit = runOnce(slot, command, launcher);
        return exit == RESTART_WANTED ? runOnce(slot, command, launcher) : exit;
    }

    /** LibreOffice can wait for ever for what it does not get; it is ended then. */
    private static int runOnce(SlotDirectory slot, List<String> command, ProcessLauncher launcher)
            throws IOException, InterruptedException {
        var process = launcher.start(slot, command);
        var alarm = CompletableFuture.runAsync(
                process::kill, CompletableFuture.delayedExecutor(START_LIMIT_SECONDS, TimeUnit.SECONDS));
        try {
            return process.waitFor();
        } finally {
            alarm.cancel(false);
        }
    }

    /**
     * The arguments by which LibreOffice finds a profile. It writes what it knows of extensions at each start, and dies where it
     * can't; this goes elsewhere, as the profile is read-only to it.
     */
    static List<String> arguments(Sandbox sandbox, SlotDirectory slot, Path profile) {
        Path extensions = slot.home().resolve("extensions");
        return List.of(
                variable("UserInstallation", sandbox, slot, profile),
                variable("BUNDLED_EXTENSIONS_USER", sandbox, slot, extensions.resolve("bundled")),
                variable("SHARED_EXTENSIONS_USER", sandbox, slot, extensions.resolve("shared")),
                variable("TMP_EXTENSIONS", sandbox, slot, extensions.resolve("temporary")),
                variable("UNO_USER_PACKAGES", sandbox, slot, extensions.resolve("user")),
                variable("UNO_USER_PACKAGES_CACHE", sandbox, slot, extensions.resolve("user/cache")));
    }

    private static String variable(String name, Sandbox sandbox, SlotDirectory slot, Path directory) {
        return "-env:" + name + "=" + OfficeUrls.of(sandbox.inside(slot, directory));
    }

    /** Copies the template to a directory that is there, where a LibreOffice will find it. */
    void copyTo(Path profile) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path source : tree.skip(1).toList()) {
                Files.copy(source, profile.resolve(directory.relativize(source)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** The settings that keep documents still: the second wall beside the sandbox. */
    static byte[] hardenedSettings() {
        try (InputStream stream = ProfileTemplate.class.getResourceAsStream(SETTINGS)) {
            return Objects.requireNonNull(stream, SETTINGS).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(byte[] settings) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(settings);
            return HexFormat.of().formatHex(digest).substring(0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
