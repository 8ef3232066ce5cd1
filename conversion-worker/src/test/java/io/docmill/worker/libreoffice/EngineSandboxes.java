package io.docmill.worker.libreoffice;

import io.docmill.worker.libreoffice.LibreOfficeSettings.SandboxChoice;
import java.util.Locale;

/** The sandboxes that engines are tested in, for parametrised tests. */
final class EngineSandboxes {
    /** A method source: their names. */
    static final String NAMES = "io.docmill.worker.sandbox.TestedSandboxes#names";

    private EngineSandboxes() {}

    static SandboxChoice choice(String name) {
        return SandboxChoice.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
