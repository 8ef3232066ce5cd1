package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.star.lang.DisposedException;
import com.sun.star.task.ErrorCodeIOException;
import io.docmill.worker.libreoffice.ConvertDocumentTask.Stage;
import io.docmill.worker.libreoffice.OfficeFailureClassifier.Verdict;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.jodconverter.core.office.OfficeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OfficeFailureClassifierTest {

    static Stream<Arguments> failures() {
        var silent = new OfficeException("LibreOffice opened nothing");
        var refused = new OfficeException("x", new ErrorCodeIOException("SfxBaseModel::impl_store_ failed"));
        var gone = new OfficeException("x", new DisposedException("java_remote_bridge is disposed"));
        var goneBelow = new OfficeException("x", new RuntimeException(new DisposedException("")));
        var canceled = new OfficeException("Task was cancelled", new CancellationException());
        return Stream.of(
                Arguments.of(silent, Stage.LOAD, Verdict.LOAD_REFUSED),
                Arguments.of(refused, Stage.LOAD, Verdict.LOAD_REFUSED),
                Arguments.of(gone, Stage.LOAD, Verdict.PROCESS_LOST),
                Arguments.of(goneBelow, Stage.LOAD, Verdict.PROCESS_LOST),
                Arguments.of(refused, Stage.STORE, Verdict.STORE_REFUSED),
                Arguments.of(gone, Stage.STORE, Verdict.PROCESS_LOST),
                Arguments.of(canceled, Stage.STORE, Verdict.PROCESS_LOST),
                Arguments.of(gone, Stage.CLOSE, Verdict.CLOSE_FAILED),
                Arguments.of(canceled, Stage.CLOSE, Verdict.CLOSE_FAILED));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsTheDocumentsFaultFromTheProcess(OfficeException failure, Stage stage, Verdict verdict) {
        assertThat(OfficeFailureClassifier.classify(failure, stage)).isEqualTo(verdict);
    }
}
