package io.docmill.testing.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.apache.poi.poifs.crypt.Decryptor;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/**
 * Documents that open with {@link #PASSWORD} only, or as they say: in Office, and but for the ppt in LibreOffice. Salts are random, so that
 * no two calls give the same bytes.
 */
public final class EncryptedDocuments {
    /** The password of every document here that names no other. */
    public static final String PASSWORD = "open sesame";

    private EncryptedDocuments() {}

    /** A Word document, encrypted as Word 2010 and later do (agile). */
    public static TestDocument docx(String text) {
        return encrypted(TestDocuments.docx(text)).named("encrypted.docx");
    }

    /** A workbook, encrypted as Excel 2010 and later do (agile). */
    public static TestDocument xlsx(String text) {
        return encrypted(TestDocuments.xlsx(text)).named("encrypted.xlsx");
    }

    /** A deck, encrypted as PowerPoint 2010 and later do (agile). */
    public static TestDocument pptx(String text) {
        return encrypted(TestDocuments.pptx(text)).named("encrypted.pptx");
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

    /** A workbook that Excel and LibreOffice open without asking, because its password is Excel's default one (agile). */
    public static TestDocument xlsxWithDefaultPassword(String text) {
        return encrypted(TestDocuments.xlsx(text), EncryptionMode.agile, Decryptor.DEFAULT_PASSWORD)
                .named("default-password.xlsx");
    }

    /** An Excel 97 workbook with Excel's default password (RC4). */
    public static TestDocument xlsWithDefaultPassword(String text) {
        return TestDocument.of("default-password.xls", Workbooks.encryptedXls(text, Decryptor.DEFAULT_PASSWORD));
    }

    /** An Excel 97 workbook, encrypted in this mode: {@code binaryRC4}, {@code cryptoAPI} or {@code xor}. */
    public static TestDocument xls(String text, EncryptionMode mode) {
        return TestDocument.of("encrypted-" + mode + ".xls", Workbooks.encryptedXls(text, PASSWORD, mode));
    }

    /** Anything, encrypted as a docx, xlsx or pptx would be; what is encrypted need not be one. */
    public static TestDocument encrypted(TestDocument plain) {
        return encrypted(plain, EncryptionMode.agile, PASSWORD);
    }

    /**
     * As {@link #encrypted(TestDocument)}.
     *
     * @param mode {@code agile} (Office 2010 and later) or {@code standard} (Office 2007)
     */
    public static TestDocument encrypted(TestDocument plain, EncryptionMode mode, String password) {
        try (var container = new POIFSFileSystem()) {
            var encryptor = new EncryptionInfo(mode).getEncryptor();
            encryptor.confirmPassword(password);
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
