package io.docmill.gateway.upload;

import io.docmill.gateway.download.FileNames;
import io.docmill.inspection.CheckPool;
import io.docmill.inspection.CheckPool.Checked;
import io.docmill.inspection.DocumentInspector;
import io.docmill.inspection.Inspection;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CancellationException;

/** Tells what an upload is and whether it can convert, before anything is kept. Thread-safe. */
public final class UploadCheck {
    /** As long as a caller may be kept waiting before he is told to come back. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** The largest documents that pass take some seconds. */
    private static final Duration LONGEST_CHECK = Duration.ofSeconds(30);

    private static final Inspection.Refused OVER_TIME = new Inspection.Refused(
            Inspection.Reason.SUSPICIOUS,
            "The document takes longer than %d s to check. Split it, or open it in an office program, save it anew and send that."
                    .formatted(LONGEST_CHECK.toSeconds()));

    private final CheckPool checks;
    private final DocumentInspector inspector;
    private final Clock clock;

    public UploadCheck(DocumentInspector inspector, Clock clock) {
        this(inspector, new CheckPool(Runtime.getRuntime().availableProcessors(), LONGEST_WAIT, LONGEST_CHECK), clock);
    }

    UploadCheck(DocumentInspector inspector, CheckPool checks, Clock clock) {
        this.checks = checks;
        this.inspector = inspector;
        this.clock = clock;
    }

    /**
     * Checks a file. Blocks, for {@link #LONGEST_WAIT} and {@link #LONGEST_CHECK} at most.
     *
     * @throws ChecksBusyException if other files are being checked for too long
     */
    public UploadVerdict check(UploadedFile file) {
        String name = FileNames.uploaded(file.name());
        return switch (inspect(file, name)) {
            case Checked.Done<Inspection>(Inspection.Refused refused) -> new UploadVerdict.Refused(refused);
            case Checked.Done<Inspection>(Inspection.Accepted accepted) ->
                new UploadVerdict.Accepted(new FileRecord(
                        StoredRecord.VERSION,
                        name,
                        accepted.format(),
                        accepted.size(),
                        file.sha256(),
                        accepted.encrypted(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS)));
            case Checked.OverTime<Inspection>() -> new UploadVerdict.Refused(OVER_TIME);
            case Checked.Busy<Inspection>() -> throw new ChecksBusyException(LONGEST_WAIT);
        };
    }

    private Checked<Inspection> inspect(UploadedFile file, String name) {
        try {
            return checks.run(() -> inspector.inspect(file.content(), name));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a file was checked");
        }
    }
}
