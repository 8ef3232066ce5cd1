package io.docmill.inspection;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damages documents at random, the same way in each run. */
class DamageTest {
    private static final int ROUNDS = 150;
    private static final long SEED = 20_261_124;

    @TempDir
    Path directory;

    private final DocumentInspector inspector = new DocumentInspector();
    private final DocumentOpener opener = new DocumentOpener(inspector);

    @ParameterizedTest
    @MethodSource("documents")
    void alwaysAnswers(TestDocument document) {
        var random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            TestDocument damaged = damaged(document, random);
            Path file = damaged.writeTo(directory.resolve("document"));
            assertThatCode(() -> inspector.inspect(file, document.name()))
                    .as("round %d of seed %d on %s", round, SEED, document)
                    .doesNotThrowAnyException();
        }
    }

    static Stream<TestDocument> documents() {
        return Stream.of(
                TestDocuments.richDocx("Heading", "text"),
                TestDocuments.richXlsx("Heading", "text"),
                TestDocuments.pptx("text"),
                TestDocuments.doc(),
                TestDocuments.richXls("Heading", "text"),
                TestDocuments.richPpt("Heading", "text"),
                EncryptedDocuments.docx("secret"),
                EncryptedDocuments.xls("secret"),
                EncryptedDocuments.ppt("secret"),
                BrokenDocuments.odtPosingAsDoc(),
                BrokenDocuments.docxWithDtdInUtf16());
    }

    @ParameterizedTest
    @MethodSource("encryptedDocuments")
    void alwaysTellsWhatAPasswordIsWorth(TestDocument document) {
        var random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            TestDocument damaged = damaged(document, random);
            Path file = damaged.writeTo(directory.resolve("document"));
            assertThatCode(() -> opener.open(file, EncryptedDocuments.PASSWORD, directory.resolve("decrypted")))
                    .as("round %d of seed %d on %s", round, SEED, document)
                    .doesNotThrowAnyException();
        }
    }

    static Stream<TestDocument> encryptedDocuments() {
        return Stream.of(
                EncryptedDocuments.docx("secret"),
                EncryptedDocuments.encrypted(
                        TestDocuments.docx("secret"), EncryptionMode.standard, EncryptedDocuments.PASSWORD),
                EncryptedDocuments.doc(),
                EncryptedDocuments.xls("secret", EncryptionMode.xor),
                EncryptedDocuments.xls("secret", EncryptionMode.cryptoAPI),
                EncryptedDocuments.ppt("secret"));
    }

    /** Flips up to 20 bytes, half of them in the first or last 512 where containers keep their directories; at times cuts. */
    private static TestDocument damaged(TestDocument document, Random random) {
        byte[] content = document.bytes();
        for (int flips = random.nextInt(1, 21); flips > 0; flips--) {
            int edge = Math.min(512, content.length);
            int at = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(edge);
                case 1 -> content.length - 1 - random.nextInt(edge);
                default -> random.nextInt(content.length);
            };
            content[at] = (byte) (random.nextBoolean() ? random.nextInt() : random.nextInt(4) - 2);
        }
        TestDocument flipped = TestDocument.of(document.name(), content);
        return random.nextInt(4) == 0 ? flipped.truncatedTo(random.nextInt(1, content.length)) : flipped;
    }
}
