package io.docmill.worker.libreoffice;

import com.sun.star.lang.DisposedException;
import io.docmill.worker.libreoffice.ConvertDocumentTask.Stage;
import java.util.concurrent.CancellationException;
import org.jodconverter.core.office.OfficeException;
import org.jspecify.annotations.Nullable;

/** Reads what JODConverter and UNO throw. Nothing else does, and nothing of it goes further. */
final class OfficeFailureClassifier {

    /** What an exception means for the document and the process. */
    enum Verdict {
        /** The document does not open; the process is well. */
        LOAD_REFUSED,
        /** The document cannot be written; the process is well. */
        STORE_REFUSED,
        /** Written, but not closed: the output counts, the process does not. */
        CLOSE_FAILED,
        /** The process is gone, by itself or by us. */
        PROCESS_LOST
    }

    private OfficeFailureClassifier() {}

    static Verdict classify(OfficeException failure, Stage stage) {
        return switch (stage) {
            case LOAD -> isLoss(failure) ? Verdict.PROCESS_LOST : Verdict.LOAD_REFUSED;
            case STORE -> isLoss(failure) ? Verdict.PROCESS_LOST : Verdict.STORE_REFUSED;
            case CLOSE -> Verdict.CLOSE_FAILED;
        };
    }

    /**
     * UNO reports a broken connection as a DisposedException to each call that is under way and to each later one; JODConverter,
     * if it notices first, cancels the task.
     */
    private static boolean isLoss(OfficeException failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DisposedException || cause instanceof CancellationException) {
                return true;
            }
        }
        return false;
    }
}
