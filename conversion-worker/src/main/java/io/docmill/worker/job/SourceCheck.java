package io.docmill.worker.job;

import io.docmill.inspection.CheckPool;
import io.docmill.inspection.CheckPool.Checked;
import io.docmill.inspection.DocumentInspector;
import io.docmill.inspection.DocumentOpener;
import io.docmill.inspection.Inspection.Reason;
import io.docmill.inspection.Opening;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionTable;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.job.ConversionJob;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a fetched document opens with the password that came, before LibreOffice sees either. What is not encrypted was
 * inspected by the gateway that took it, and only gateways and workers write to the bucket, so it is not inspected again; what
 * is encrypted could not be, and is inspected here once it is decrypted. Thread-safe.
 */
final class SourceCheck {
    private static final Logger log = LoggerFactory.getLogger(SourceCheck.class);

    /** Rounds of hashing take up to some 12 s, the largest documents that pass inspection a few. */
    private static final Duration LONGEST_RUN = Duration.ofSeconds(30);

    /** There are not many more slots than places. Past this, checks hang. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final DocumentOpener opener = new DocumentOpener(new DocumentInspector());
    private final CheckPool checks =
            new CheckPool(Runtime.getRuntime().availableProcessors(), LONGEST_WAIT, LONGEST_RUN);

    /** What LibreOffice is to be given, or why it is not. */
    sealed interface Verdict {
        /**
         * A document to open.
         *
         * @param format by its content
         * @param password for LibreOffice; empty where it needs none
         * @param refusal what it means if LibreOffice refuses to open it
         */
        record Ready(Path file, DocumentFormat format, Optional<String> password, ConversionFailure refusal)
                implements Verdict {}

        /** LibreOffice must not be asked, or need not. */
        record Refused(ConversionFailure failure) implements Verdict {}
    }

    /**
     * Checks the document of a workspace.
     *
     * @throws JobStoppedException if the job was stopped
     */
    Verdict check(ConversionJob job, JobWorkspace workspace, Optional<String> password) {
        Path source = workspace.source();
        if (!DocumentOpener.mayBeEncrypted(source)) {
            return plain(source, job.sourceFormat());
        }
        try {
            return switch (checks.run(() -> opener.open(source, password.orElse(null), workspace.decrypted()))) {
                case Checked.Done<Opening>(var opening) -> verdict(job, source, password, opening);
                case Checked.OverTime<Opening>() -> new Verdict.Refused(new ConversionFailure.Suspicious());
                case Checked.Busy<Opening>() -> busy();
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobStoppedException(e);
        }
    }

    private static Verdict busy() {
        log.error(
                "A document waited {} s for its check and is answered as interrupted: every place is taken by checks that"
                        + " do not end. Restart this worker, and look for the documents that it warned of.",
                LONGEST_WAIT.toSeconds());
        return new Verdict.Refused(new ConversionFailure.Interrupted());
    }

    private static Verdict verdict(ConversionJob job, Path source, Optional<String> password, Opening opening) {
        DocumentFormat format = job.sourceFormat();
        return switch (opening) {
            case Opening.Plain() -> plain(source, format);
            case Opening.Unlocked() -> new Verdict.Ready(source, format, password, new ConversionFailure.Corrupt());
            case Opening.Undecided() ->
                new Verdict.Ready(
                        source,
                        format,
                        password,
                        password.isPresent()
                                ? new ConversionFailure.WrongPassword()
                                : new ConversionFailure.PasswordRequired());
            case Opening.Decrypted(var file, var found) -> decrypted(file, found, job.format());
            case Opening.PasswordRequired() -> new Verdict.Refused(new ConversionFailure.PasswordRequired());
            case Opening.WrongPassword() -> new Verdict.Refused(new ConversionFailure.WrongPassword());
            case Opening.Refused(var refusal) -> new Verdict.Refused(failure(refusal.reason()));
        };
    }

    private static Verdict plain(Path file, DocumentFormat format) {
        return new Verdict.Ready(file, format, Optional.empty(), new ConversionFailure.Corrupt());
    }

    /** The gateway had only the name to go by. */
    private static Verdict decrypted(Path file, DocumentFormat found, DocumentFormat target) {
        return ConversionTable.targets(found).contains(target)
                ? plain(file, found)
                : new Verdict.Refused(new ConversionFailure.OtherFormat(found, target));
    }

    private static ConversionFailure failure(Reason reason) {
        return switch (reason) {
            case SUSPICIOUS -> new ConversionFailure.Suspicious();
            case EMPTY, CORRUPT, UNSUPPORTED -> new ConversionFailure.Corrupt();
        };
    }
}
