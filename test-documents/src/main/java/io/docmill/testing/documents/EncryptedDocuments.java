package io.docmill.testing.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/**
 * Documents that open with {@link #PASSWORD} only: in Office, and but for the ppt in LibreOffice. Salts are random, so that
 * no two calls give the same bytes.
 */
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

    /** An Excel 97 workbook, encrypted with RC4 as Excel 97 did. */
    public static TestDocument xls(String text) {
        return TestDocument.of("encrypted.xls", Workbooks.encryptedXls(text, PASSWORD));
    }

    /** A PowerPoint 97 deck, encrypted with RC4 CryptoAPI. LibreOffice opens no encrypted ppt, whatever the password. */
    public static TestDocument ppt(String text) {
        return TestDocument.of("encrypted.ppt", Presentations.encryptedPpt(text, PASSWORD));
    }

    /** The text of {@link TestDocuments#doc()}, encrypted by LibreOffice with the RC4 of Word 97. */
    public static TestDocument doc() {
        return TestDocuments.resource("encrypted.doc");
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
