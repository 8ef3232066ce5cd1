package io.docmill.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.docmill.inspection.Inspection.Accepted;
import io.docmill.inspection.Inspection.Refused;
import io.docmill.model.document.DocumentFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real documents, where a collection of them lies beside the project: {@code ok} and {@code broken} below this path. */
class CorpusTest {
    private static final Path CORPUS = Path.of("../../shared/corpus");

    @TempDir
    Path directory;

    private final DocumentInspector inspector = new DocumentInspector();

    @BeforeAll
    static void needsTheCorpus() {
        assumeTrue(Files.isDirectory(CORPUS), "no corpus beside the project");
    }

    @Test
    void acceptsEveryDocumentThatConverts() throws IOException {
        // Given
        Map<String, String> wrong = new TreeMap<>();
        List<Path> files = files("ok");
        // When
        for (Path file : files) {
            String name = file.getFileName().toString();
            DocumentFormat format =
                    DocumentFormat.of(name.substring(name.lastIndexOf('.') + 1)).orElseThrow();
            Inspection inspection = inspector.inspect(file, name);
            if (!(inspection instanceof Accepted accepted && accepted.format() == format && !accepted.encrypted())) {
                wrong.put(name, inspection.toString());
            }
        }
        // Then
        assertThat(wrong).isEmpty();
    }

    @Test
    void tellsWhatIsWrongWithEachBrokenOne() throws IOException {
        // When
        Map<String, String> found = new TreeMap<>();
        for (Path file : files("broken")) {
            String name = file.getFileName().toString();
            found.put(
                    name,
                    switch (inspector.inspect(file, name)) {
                        case Accepted(var format, var encrypted, var _) -> format + (encrypted ? " encrypted" : "");
                        case Refused(var reason, var _) -> reason.toString();
                    });
        }
        // Then: those accepted in the clear convert, or are stopped by the time limit.
        assertThat(found)
                .containsEntry("FloatingPictures.doc", "DOC")
                .containsEntry("PasswordProtected.doc", "DOC encrypted")
                .containsEntry("bug53475-password-is-pass.docx", "DOCX encrypted")
                .containsEntry("clusterfuzz-testcase-minimized-POIFuzzer-5205835528404992.pptx", "CORRUPT")
                .containsEntry("comment.docx", "DOCX")
                .containsEntry("cryptoapi-proc2356.ppt", "PPT encrypted")
                .containsEntry("duplicate-filename.xlsx", "SUSPICIOUS")
                .containsEntry("footnote.doc", "DOC")
                .containsEntry("password.xls", "XLS encrypted")
                .containsEntry("poc-shared-strings.xlsx", "XLSX")
                .containsEntry("protected_passtika.xlsx", "XLSX encrypted")
                .containsEntry("truncated62886.docx", "CORRUPT");
    }

    @ParameterizedTest
    @CsvSource({
        "bug53475-password-is-pass.docx, pass, Decrypted",
        "bug53475-password-is-pass.docx, wrong, WrongPassword",
        "protected_passtika.xlsx, tika, Decrypted",
        "protected_passtika.xlsx, , PasswordRequired",
        "password.xls, password, Unlocked",
        "password.xls, wrong, WrongPassword",
        "cryptoapi-proc2356.ppt, crypto, Unlocked",
        "cryptoapi-proc2356.ppt, wrong, WrongPassword",
        "PasswordProtected.doc, wrong, WrongPassword",
        "PasswordProtected.doc, , PasswordRequired"
    })
    void tellsWhetherAPasswordOpensAnEncryptedOne(String name, @Nullable String password, String opening) {
        assertThat(new DocumentOpener(inspector)
                        .open(CORPUS.resolve("broken").resolve(name), password, directory.resolve("decrypted")))
                .extracting(opened -> opened.getClass().getSimpleName())
                .isEqualTo(opening);
    }

    private static List<Path> files(String folder) throws IOException {
        try (var files = Files.list(CORPUS.resolve(folder))) {
            return files.sorted().toList();
        }
    }
}
