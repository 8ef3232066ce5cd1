package io.docmill.gateway.upload;

import io.docmill.gateway.download.FileNames;
import io.docmill.inspection.DocumentInspector;
import io.docmill.inspection.Inspection;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Semaphore;

/** Tells what an upload is and whether it can convert, before anything is kept. Thread-safe. */
public final class UploadCheck {
    /** Inspections read hostile containers, up to some 20 MiB of heap each: no more of them at a time than processors. */
    private final Semaphore inspections = new Semaphore(Runtime.getRuntime().availableProcessors());

    private final DocumentInspector inspector;
    private final Clock clock;

    public UploadCheck(DocumentInspector inspector, Clock clock) {
        this.inspector = inspector;
        this.clock = clock;
    }

    /** Checks a file. Blocks, also while other files are checked. */
    public UploadVerdict check(UploadedFile file) {
        String name = FileNames.uploaded(file.name());
        return switch (inspect(file, name)) {
            case Inspection.Refused refused -> new UploadVerdict.Refused(refused);
            case Inspection.Accepted accepted ->
                new UploadVerdict.Accepted(new FileRecord(
                        StoredRecord.VERSION,
                        name,
                        accepted.format(),
                        accepted.size(),
                        file.sha256(),
                        accepted.encrypted(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        };
    }

    private Inspection inspect(UploadedFile file, String name) {
        inspections.acquireUninterruptibly();
        try {
            return inspector.inspect(file.content(), name);
        } finally {
            inspections.release();
        }
    }
}
