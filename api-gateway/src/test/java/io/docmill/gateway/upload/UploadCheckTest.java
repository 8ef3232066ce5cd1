package io.docmill.gateway.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.docmill.inspection.CheckPool;
import io.docmill.inspection.DocumentInspector;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadCheckTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void tellsWhetherADocumentNeedsAPassword() {
        assertThat(isEncrypted(EncryptedDocuments.docx("secret"))).isTrue();
        assertThat(isEncrypted(EncryptedDocuments.xls("secret"))).isTrue();
        assertThat(isEncrypted(EncryptedDocuments.xlsxWithDefaultPassword("open")))
                .isFalse();
        assertThat(isEncrypted(TestDocuments.docx("open"))).isFalse();
    }

    @Test
    void refusesWhileEveryPlaceIsTakenByChecksThatDoNotEnd() throws InterruptedException {
        // Given
        CheckPool checks = new CheckPool(1, SHORT, SHORT);
        CountDownLatch end = new CountDownLatch(1);
        checks.run(() -> awaitWhatever(end));
        UploadCheck check = new UploadCheck(new DocumentInspector(), checks, Clock.systemUTC());
        UploadedFile file = uploaded(TestDocuments.docx("next"));
        // When, then
        assertThatThrownBy(() -> check.check(file)).isInstanceOf(ChecksBusyException.class);
        end.countDown();
    }

    private boolean isEncrypted(TestDocument document) {
        var check = new UploadCheck(new DocumentInspector(), new CheckPool(1, LONG, LONG), Clock.systemUTC());
        return check.check(uploaded(document)) instanceof UploadVerdict.Accepted(var record) && record.encrypted();
    }

    private UploadedFile uploaded(TestDocument document) {
        return new UploadedFile(document.writeInto(directory), document.name(), "0".repeat(64));
    }

    /** As code does that hears no interrupt. */
    private static boolean awaitWhatever(CountDownLatch end) {
        while (true) {
            try {
                end.await();
                return true;
            } catch (InterruptedException e) {
                // Goes on.
            }
        }
    }
}
