package io.docmill.worker.libreoffice;

import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.Sandbox;
import java.nio.file.Path;

/**
 * All that starting a LibreOffice needs.
 *
 * @param slotRoot below it each process has a directory
 */
record OfficeWorkplace(
        OfficeInstallation office,
        ProfileTemplate template,
        Sandbox sandbox,
        ProcessLauncher launcher,
        Path slotRoot) {}
