package io.docmill.testing.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.poi.common.usermodel.HyperlinkType;
import org.apache.poi.hssf.record.FilePassRecord;
import org.apache.poi.hssf.record.UnknownRecord;
import org.apache.poi.hssf.record.crypto.Biff8EncryptionKey;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.ss.usermodel.Sheet;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

/** The xlsx and xls workbooks, made with POI's common spreadsheet model. */
final class Workbooks {
    private Workbooks() {}

    static byte[] xlsx(List<String> sheetTexts, int activeSheet) {
        try (var workbook = new XSSFWorkbook()) {
            fill(workbook, sheetTexts, activeSheet);
            return OoxmlBytes.of(workbook);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] xls(List<String> sheetTexts, int activeSheet) {
        try (var workbook = new HSSFWorkbook()) {
            fill(workbook, sheetTexts, activeSheet);
            return written(workbook);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] encryptedXls(String text, String password) {
        return encryptedXls(text, password, EncryptionMode.binaryRC4);
    }

    static byte[] encryptedXls(String text, String password, EncryptionMode mode) {
        // POI takes the password of an xls from the thread, and encrypts while it writes: with 40-bit CryptoAPI, which
        // LibreOffice does not read, unless a record asks for the RC4 of Excel 97.
        Biff8EncryptionKey.setCurrentUserPassword(password);
        try (var workbook = new HSSFWorkbook()) {
            fill(workbook, List.of(text), 0);
            workbook.createInformationProperties();
            workbook.getInternalWorkbook().getWorkbookRecordList().add(1, new FilePassRecord(mode));
            return written(workbook);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Biff8EncryptionKey.setCurrentUserPassword(null);
        }
    }

    static byte[] richXlsx(String heading, String text) {
        try (var workbook = new XSSFWorkbook()) {
            fillRich(workbook, heading, text);
            return OoxmlBytes.of(workbook);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] richXls(String heading, String text) {
        try (var workbook = new HSSFWorkbook()) {
            fillRich(workbook, heading, text);
            return written(workbook);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A workbook that says it has a project of VBA ([MS-XLS] 2.4.185 ObProj, 2.4.51 CodeName), which is yet to be added. */
    static byte[] xlsWithProject() {
        byte[] codeName = "\14\0\0ThisWorkbook".getBytes(StandardCharsets.ISO_8859_1);
        try (var workbook = new HSSFWorkbook()) {
            fill(workbook, List.of("A text."), 0);
            var records = workbook.getInternalWorkbook().getWorkbookRecordList();
            records.add(1, new UnknownRecord(0x00D3, new byte[0]));
            records.add(2, new UnknownRecord(0x01BA, codeName));
            return written(workbook);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(Workbook workbook, List<String> sheetTexts, int activeSheet) {
        for (int i = 0; i < sheetTexts.size(); i++) {
            Sheet sheet = workbook.createSheet("Sheet" + (i + 1));
            sheet.createRow(0).createCell(0).setCellValue(sheetTexts.get(i));
        }
        workbook.setActiveSheet(activeSheet);
        workbook.setSelectedTab(activeSheet);
    }

    private static void fillRich(Workbook workbook, String heading, String text) {
        Sheet sheet = workbook.createSheet("Report");
        sheet.createRow(0).createCell(0).setCellValue(heading);
        sheet.createRow(1).createCell(0).setCellValue(text);
        for (int row = 0; row < 2; row++) {
            var cells = sheet.createRow(2 + row);
            for (int column = 0; column < 2; column++) {
                cells.createCell(column).setCellValue(TestDocuments.cellText(row, column));
            }
        }
        var sum = sheet.createRow(4);
        sum.createCell(0).setCellValue(40);
        sum.createCell(1).setCellValue(2);
        sum.createCell(2).setCellFormula("A5+B5");
        var creation = workbook.getCreationHelper();
        for (int i = 0; i < TestDocuments.LINKS.size(); i++) {
            String url = TestDocuments.LINKS.get(i);
            var cell = sheet.createRow(5 + i).createCell(0);
            cell.setCellValue("link to " + url);
            var link = creation.createHyperlink(HyperlinkType.URL);
            link.setAddress(url);
            cell.setHyperlink(link);
        }
        int picture = workbook.addPicture(SampleImage.png(), Workbook.PICTURE_TYPE_PNG);
        var anchor = creation.createClientAnchor();
        anchor.setCol1(3);
        anchor.setRow1(1);
        anchor.setCol2(4);
        anchor.setRow2(4);
        sheet.createDrawingPatriarch().createPicture(anchor, picture);
        // Stored results, as Excel writes them: a reader that never recalculates shows them too.
        creation.createFormulaEvaluator().evaluateAll();
    }

    private static byte[] written(HSSFWorkbook workbook) throws IOException {
        var bytes = new ByteArrayOutputStream();
        workbook.write(bytes);
        return bytes.toByteArray();
    }
}
