package io.docmill.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.inspection.Inspection.Reason;
import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentOpenerTest {
    @TempDir
    Path directory;

    private final DocumentInspector inspector = new DocumentInspector();
    private final DocumentOpener opener = new DocumentOpener(inspector);

    @ParameterizedTest
    @MethodSource("packages")
    void decryptsPackages(TestDocument document, DocumentFormat format, TestDocument plain) {
        // When
        Opening opening = open(document, EncryptedDocuments.PASSWORD);
        // Then
        assertThat(opening).isEqualTo(new Opening.Decrypted(target(), format));
        assertThat(target()).hasBinaryContent(plain.bytes());
        assertThat(open(document, "wrong")).isEqualTo(new Opening.WrongPassword());
        assertThat(open(document, null)).isEqualTo(new Opening.PasswordRequired());
    }

    static Stream<Arguments> packages() {
        TestDocument docx = TestDocuments.docx("secret");
        TestDocument xlsx = TestDocuments.xlsx("secret");
        TestDocument pptx = TestDocuments.pptx("secret");
        return Stream.of(
                Arguments.of(EncryptedDocuments.encrypted(docx), DocumentFormat.DOCX, docx),
                Arguments.of(EncryptedDocuments.encrypted(xlsx), DocumentFormat.XLSX, xlsx),
                Arguments.of(EncryptedDocuments.encrypted(pptx), DocumentFormat.PPTX, pptx),
                Arguments.of(EncryptedDocuments.encrypted(xlsx).named("a.docx"), DocumentFormat.XLSX, xlsx),
                Arguments.of(
                        EncryptedDocuments.encrypted(docx, EncryptionMode.standard, EncryptedDocuments.PASSWORD),
                        DocumentFormat.DOCX,
                        docx));
    }

    @ParameterizedTest
    @MethodSource("binaryDocuments")
    void checksThePasswordsOfBinaryDocuments(TestDocument document) {
        assertThat(open(document, EncryptedDocuments.PASSWORD)).isEqualTo(new Opening.Unlocked());
        assertThat(open(document, "wrong")).isEqualTo(new Opening.WrongPassword());
        assertThat(open(document, null)).isEqualTo(new Opening.PasswordRequired());
    }

    static Stream<TestDocument> binaryDocuments() {
        return Stream.of(
                EncryptedDocuments.doc(),
                EncryptedDocuments.xls("secret", EncryptionMode.binaryRC4),
                EncryptedDocuments.xls("secret", EncryptionMode.cryptoAPI),
                EncryptedDocuments.xls("secret", EncryptionMode.xor),
                EncryptedDocuments.ppt("secret"));
    }

    @Test
    void opensWithExcelsDefaultPasswordWhateverComes() {
        TestDocument xlsx = EncryptedDocuments.xlsxWithDefaultPassword("text");
        TestDocument xls = EncryptedDocuments.xlsWithDefaultPassword("text");
        for (String password : new String[] {null, "superfluous"}) {
            assertThat(open(xlsx, password)).isEqualTo(new Opening.Decrypted(target(), DocumentFormat.XLSX));
            assertThat(open(xls, password)).isEqualTo(new Opening.Plain());
        }
        assertThat(inspect(xlsx.named("no extension")))
                .isEqualTo(new Inspection.Accepted(DocumentFormat.XLSX, false, xlsx.size()));
        assertThat(inspect(xls)).isEqualTo(new Inspection.Accepted(DocumentFormat.XLS, false, xls.size()));
    }

    @Test
    void leavesAloneWhatIsNotEncrypted() {
        for (TestDocument document : new TestDocument[] {
            TestDocuments.docx("text"), TestDocuments.doc(), TestDocuments.xls("text"), TestDocuments.ppt("text")
        }) {
            assertThat(open(document, null)).isEqualTo(new Opening.Plain());
            assertThat(open(document, "superfluous")).isEqualTo(new Opening.Plain());
        }
        assertThat(DocumentOpener.mayBeEncrypted(TestDocuments.docx("text").writeInto(directory)))
                .isFalse();
        assertThat(DocumentOpener.mayBeEncrypted(TestDocuments.doc().writeInto(directory)))
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("hostilePackages")
    void refusesWhatIsEncryptedToHideIt(TestDocument hidden, Reason reason) {
        assertThat(open(EncryptedDocuments.encrypted(hidden), EncryptedDocuments.PASSWORD))
                .isInstanceOfSatisfying(
                        Opening.Refused.class,
                        refused -> assertThat(refused.refusal().reason()).isEqualTo(reason));
    }

    static Stream<Arguments> hostilePackages() {
        return Stream.of(
                Arguments.of(BrokenDocuments.zipBomb(16), Reason.SUSPICIOUS),
                Arguments.of(BrokenDocuments.docxWithDtd(), Reason.SUSPICIOUS),
                Arguments.of(BrokenDocuments.truncatedDocx(), Reason.CORRUPT),
                Arguments.of(BrokenDocuments.odtPosingAsDoc(), Reason.UNSUPPORTED),
                Arguments.of(BrokenDocuments.htmlPosingAsDoc(), Reason.UNSUPPORTED),
                Arguments.of(TestDocuments.doc(), Reason.CORRUPT),
                Arguments.of(EncryptedDocuments.docx("twice"), Reason.UNSUPPORTED),
                Arguments.of(BrokenDocuments.empty(), Reason.EMPTY));
    }

    @Test
    void refusesABombBehindTheDefaultPasswordAtOnce() {
        TestDocument bomb = EncryptedDocuments.encrypted(
                BrokenDocuments.zipBomb(16), EncryptionMode.agile, Encryption.DEFAULT_PASSWORD);
        assertThat(inspect(bomb))
                .isInstanceOfSatisfying(
                        Inspection.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.SUSPICIOUS));
        assertThat(directory).isDirectoryNotContaining("glob:**.decrypted");
    }

    @Test
    void refusesMoreRoundsOfHashingThanTheFormatPermits() throws IOException {
        TestDocument document = withInfo("spinCount=\"100000\"", "spinCount=\"10000001\"");
        assertThat(open(document, EncryptedDocuments.PASSWORD)).isInstanceOf(Opening.Refused.class);
        assertThat(inspect(document))
                .isInstanceOfSatisfying(
                        Inspection.Refused.class,
                        refused -> assertThat(refused.message()).contains("10,000,000 rounds"));
    }

    @Test
    void triesNoDefaultPasswordWhereThatWouldTakeLong() throws IOException {
        TestDocument document = withInfo("spinCount=\"100000\"", "spinCount=\"1000001\"");
        assertThat(inspect(document)).isEqualTo(new Inspection.Accepted(DocumentFormat.DOCX, true, document.size()));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void leavesToLibreOfficeWhatCantBeRead(String replaced, String replacement) throws IOException {
        assertThat(open(withInfo(replaced, replacement), EncryptedDocuments.PASSWORD))
                .isEqualTo(new Opening.Undecided());
    }

    static Stream<Arguments> contradictions() {
        return Stream.of(
                Arguments.of("</encryption>", ""),
                Arguments.of("<encryption ", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><encryption "),
                Arguments.of("hashAlgorithm=\"SHA1\"", "hashAlgorithm=\"WHIRLPOOL\""),
                Arguments.of("saltSize=\"16\"", "saltSize=\"2000000000\""),
                Arguments.of("\4\0\4\0", "\4\0\3\0"));
    }

    @Test
    void readsOnlyTheBeginningOfLargeDescriptions() throws IOException {
        TestDocument document = withInfo("</encryption>", "<a/>".repeat(1_000_000) + "</encryption>");
        assertThat(open(document, EncryptedDocuments.PASSWORD)).isEqualTo(new Opening.Undecided());
        assertThat(inspect(document)).isInstanceOf(Inspection.Accepted.class);
    }

    private static TestDocument withInfo(String replaced, String replacement) throws IOException {
        return Bytes.replaceInStream(EncryptedDocuments.docx("secret"), "EncryptionInfo", replaced, replacement);
    }

    private Inspection inspect(TestDocument document) {
        return inspector.inspect(document.writeTo(directory.resolve("document")), document.name());
    }

    private Opening open(TestDocument document, @Nullable String password) {
        return opener.open(document.writeTo(directory.resolve("document")), password, target());
    }

    private Path target() {
        return directory.resolve("decrypted");
    }
}
