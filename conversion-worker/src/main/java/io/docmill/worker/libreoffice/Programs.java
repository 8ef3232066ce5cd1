package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The programs beside LibreOffice, by absolute path: what runs in the sandbox has no search path.
 *
 * @param pdftoppm renders pages
 * @param pdfinfo counts pages
 */
record Programs(Path pdftoppm, Path pdfinfo) {

    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/local/bin"));

    /** Finds all programs, or says which package is missing. */
    static Programs find() {
        return new Programs(find("pdftoppm", "poppler-utils"), find("pdfinfo", "poppler-utils"));
    }

    private static Path find(String program, String debianPackage) {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new EngineUnavailableException(
                        "The program " + program + " is missing: install the package " + debianPackage));
    }
}
