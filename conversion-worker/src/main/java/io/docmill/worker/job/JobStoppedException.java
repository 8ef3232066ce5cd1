package io.docmill.worker.job;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A job was told to stop and did, at whatever it was doing; {@link Cancellation} knows why. */
final class JobStoppedException extends CancellationException {
    private static final long serialVersionUID = 1L;

    JobStoppedException(@Nullable Throwable cause) {
        super("the job was stopped");
        initCause(cause);
    }
}
