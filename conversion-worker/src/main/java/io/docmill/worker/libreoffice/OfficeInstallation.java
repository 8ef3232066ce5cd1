package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An installed LibreOffice that was looked at and found whole.
 *
 * @param home the directory that holds {@code program/soffice.bin}
 * @param version such as {@code 25.2.3}
 */
record OfficeInstallation(Path home, String version) {

    private static final Pattern VERSION = Pattern.compile("LibreOffice\\w* ((\\d+)\\.(\\d+)\\.\\d+)");

    /** The oldest release whose filters and options are known to do what the plans want. */
    private static final int[] OLDEST = {24, 8};

    private static final String WHAT_TO_INSTALL = "Install LibreOffice 24.8 or newer, on Debian"
            + " libreoffice-{core,writer,calc,impress,draw}-nogui and libreoffice-uiconfig-writer, or configure where it is"
            + " installed (the directory that holds program/soffice.bin).";

    /** Files of the parts that Docmill needs: Writer, Calc, Impress and the filters of each. */
    private static final List<String> PARTS =
            List.of("program/soffice.bin", "program/libswlo.so", "program/libsclo.so", "program/libsdlo.so");

    /** Writer's dialogs. Debian's Writer does not bring them, and then dies on documents with comments. */
    private static final String ANNOTATION_WINDOW = "share/config/soffice.cfg/modules/swriter/ui/annotation.ui";

    /**
     * Looks at an installation and asks it for its version.
     *
     * @param directory where files may be put for it; removed afterwards
     * @throws EngineUnavailableException if it is absent, incomplete or too old
     */
    static OfficeInstallation inspect(Path home, Sandbox sandbox, ProcessLauncher launcher, Path directory) {
        requireParts(home);
        String banner;
        try {
            banner = banner(home, sandbox, launcher, directory);
        } catch (IOException e) {
            throw new EngineUnavailableException("LibreOffice in " + home + " could not be asked for its version", e);
        }
        return ofBanner(home, banner);
    }

    static void requireParts(Path home) {
        for (String part : PARTS) {
            if (!Files.exists(home.resolve(part))) {
                throw new EngineUnavailableException("LibreOffice is missing or incomplete: there is no "
                        + home.resolve(part) + ". " + WHAT_TO_INSTALL);
            }
        }
        if (!Files.exists(home.resolve(ANNOTATION_WINDOW))) {
            throw new EngineUnavailableException("LibreOffice would crash on documents with comments: there is no "
                    + home.resolve(ANNOTATION_WINDOW) + ". Install the package libreoffice-uiconfig-writer.");
        }
    }

    static OfficeInstallation ofBanner(Path home, String banner) {
        Matcher matcher = VERSION.matcher(banner);
        if (!matcher.find()) {
            throw new EngineUnavailableException(
                    "LibreOffice in " + home + " does not start; it said: " + banner.strip() + ". " + WHAT_TO_INSTALL);
        }
        int major = Integer.parseInt(matcher.group(2));
        int minor = Integer.parseInt(matcher.group(3));
        if (major < OLDEST[0] || (major == OLDEST[0] && minor < OLDEST[1])) {
            throw new EngineUnavailableException(
                    "LibreOffice " + matcher.group(1) + " in " + home + " is too old. " + WHAT_TO_INSTALL);
        }
        return new OfficeInstallation(home, matcher.group(1));
    }

    private static String banner(Path home, Sandbox sandbox, ProcessLauncher launcher, Path directory)
            throws IOException {
        var slot = sandbox.createSlot(directory);
        try {
            var command = List.of(home.resolve("program/soffice.bin").toString(), "--version");
            launcher.start(slot, sandbox.command(slot, OfficeEnvironment.of(sandbox, slot), command))
                    .waitFor();
            return Files.readString(slot.log());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            slot.remove();
        }
    }

    Path program() {
        return home.resolve("program/soffice.bin");
    }
}
