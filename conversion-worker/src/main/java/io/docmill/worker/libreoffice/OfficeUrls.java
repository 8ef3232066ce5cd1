package io.docmill.worker.libreoffice;

import java.net.URI;
import java.nio.file.Path;

/** Paths as LibreOffice wants them: {@code file:///x}, never {@code file:/x}, and no slash at the end. */
final class OfficeUrls {

    private OfficeUrls() {}

    static String of(Path path) {
        return of(path.toUri());
    }

    static String of(URI file) {
        String path = file.getRawPath();
        return "file://" + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
}
