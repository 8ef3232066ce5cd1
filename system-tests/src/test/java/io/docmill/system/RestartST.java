package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocuments;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Has a Docmill of its own, because it ends it. */
class RestartST {
    @TempDir
    Path directory;

    @Test
    void restartKeepsEveryFileAndResult() {
        // Given
        StoredFile file;
        Conversion before;
        try (RunningDocmill docmill = RunningDocmill.start(directory)) {
            file = docmill.client().uploaded(TestDocuments.docx("Stays."));
            before = docmill.client().converted(file, "txt");
        }

        // When
        try (RunningDocmill docmill = RunningDocmill.start(directory)) {
            // Then
            assertIsKept(docmill.client(), file, before);
        }
    }

    @Test
    void killedProcessHasLostNothingThatItHadAnswered() {
        // Given
        StoredFile file;
        StoredFile lastMoment;
        Conversion before;
        try (RunningDocmill docmill = RunningDocmill.start(directory)) {
            file = docmill.client().uploaded(TestDocuments.docx("Stays."));
            before = docmill.client().converted(file, "txt");
            lastMoment = docmill.client().uploaded(TestDocuments.xlsx("Just in time."));
            docmill.kill();
        }

        // When
        try (RunningDocmill docmill = RunningDocmill.start(directory)) {
            // Then
            assertIsKept(docmill.client(), file, before);
            assertThat(docmill.client().converted(lastMoment, "csv").size()).isPositive();
        }
    }

    private static void assertIsKept(DocmillClient client, StoredFile file, Conversion before) {
        assertThat(StoredFile.of(client.get("/v1/files/" + file.id()).json())).isEqualTo(file);
        Conversion after = client.converted(file, "txt");
        assertThat(after.cached()).isTrue();
        assertThat(after.attempt()).isEqualTo(before.attempt());
        assertThat(new String(client.download(after.downloadUrl()).bytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo("Stays.");
    }
}
