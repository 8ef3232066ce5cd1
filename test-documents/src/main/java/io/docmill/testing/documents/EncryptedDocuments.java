package io.docmill.testing.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.apache.poi.hssf.record.crypto.Biff8EncryptionKey;
import org.apache.poi.hwpf.HWPFDocument;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Documents that open with {@link #PASSWORD} only. Salts are random, so no two calls give the same bytes. */
public final class EncryptedDocuments {
    /** The password of every document here. */
    public static final String PASSWORD = "open sesame";

    private EncryptedDocuments() {}

    /** A Word document, encrypted as Word 2010 and later do (agile). */
    public static TestDocument docx(String text) {
        return agile(TestDocuments.docx(text)).named("encrypted.docx");
    }

    /** A workbook, encrypted as Excel 2010 and later do (agile). */
    public static TestDocument xlsx(String text) {
        return agile(TestDocuments.xlsx(text)).named("encrypted.xlsx");
    }

    /** A deck, encrypted as PowerPoint 2010 and later do (agile). */
    public static TestDocument pptx(String text) {
        return agile(TestDocuments.pptx(text)).named("encrypted.pptx");
    }

    /** An Excel 97 workbook, encrypted with RC4 CryptoAPI. */
    public static TestDocument xls(String text) {
        return TestDocument.of("encrypted.xls", Workbooks.encryptedXls(text, PASSWORD));
    }

    /** A PowerPoint 97 deck, encrypted with RC4 CryptoAPI. */
    public static TestDocument ppt(String text) {
        return TestDocument.of("encrypted.ppt", Presentations.encryptedPpt(text, PASSWORD));
    }

    /** {@link TestDocuments#doc()}, encrypted with RC4 CryptoAPI. */
    public static TestDocument doc() {
        // POI takes the password of a doc from the thread, and encrypts while it writes.
        Biff8EncryptionKey.setCurrentUserPassword(PASSWORD);
        try (var document = new HWPFDocument(TestDocuments.doc().open())) {
            var bytes = new ByteArrayOutputStream();
            document.write(bytes);
            return TestDocument.of("encrypted.doc", bytes.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException("POI could not encrypt the test document", e);
        } finally {
            Biff8EncryptionKey.setCurrentUserPassword(null);
        }
    }

    private static TestDocument agile(TestDocument plain) {
        try (var container = new POIFSFileSystem()) {
            var encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword(PASSWORD);
            try (var out = encryptor.getDataStream(container)) {
                out.write(plain.bytes());
            }
            var bytes = new ByteArrayOutputStream();
            container.writeFilesystem(bytes);
            return TestDocument.of(plain.name(), bytes.toByteArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("POI could not encrypt the test document", e);
        }
    }
}
