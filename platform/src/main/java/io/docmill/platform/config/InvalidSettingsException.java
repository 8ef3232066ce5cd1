package io.docmill.platform.config;

import java.util.List;

/** The settings are not usable. The message names every mistake, each with the environment variable to mend. */
public final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSettingsException(List<String> mistakes) {
        super("The configuration has %d mistake%s:%n  %s"
                .formatted(mistakes.size(), mistakes.size() == 1 ? "" : "s", String.join("\n  ", mistakes)));
    }
}
