package io.docmill.worker.libreoffice;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.apache.poi.common.usermodel.PictureType;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.sl.usermodel.SlideShow;
import org.apache.poi.ss.usermodel.ClientAnchor;
import org.apache.poi.ss.usermodel.Workbook;
import org.apache.poi.util.Units;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.streaming.SXSSFWorkbook;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.xmlbeans.XmlException;
import org.apache.xmlbeans.XmlObject;

/** Small documents of the tests. Each has the word {@link #WORD} in it. */
final class SampleDocuments {

    static final String WORD = "Mühlrad";

    private final Path directory;

    SampleDocuments(Path directory) {
        this.directory = directory;
    }

    /** A heading, a table and an image; two pages. */
    Path docx() throws IOException {
        try (var document = new XWPFDocument()) {
            var heading = document.createParagraph();
            heading.setStyle("Heading1");
            heading.createRun().setText("About the " + WORD);
            var table = document.createTable(2, 2);
            table.getRow(1).getCell(1).setText("cell four");
            var picture = document.createParagraph().createRun();
            picture.addPicture(
                    new ByteArrayInputStream(png()), PictureType.PNG, "x.png", Units.toEMU(40), Units.toEMU(40));
            var second = document.createParagraph();
            second.setPageBreak(true);
            second.createRun().setText("second page");
            return write("sample.docx", document::write);
        } catch (InvalidFormatException e) {
            throw new IOException(e);
        }
    }

    Path xlsx() throws IOException {
        try (var workbook = new XSSFWorkbook()) {
            return write("sample.xlsx", fill(workbook)::write);
        }
    }

    Path xls() throws IOException {
        try (var workbook = new HSSFWorkbook()) {
            return write("sample.xls", fill(workbook)::write);
        }
    }

    Path pptx() throws IOException {
        try (var show = new XMLSlideShow()) {
            return write("sample.pptx", fill(show)::write);
        }
    }

    Path ppt() throws IOException {
        try (var show = new HSLFSlideShow()) {
            return write("sample.ppt", fill(show)::write);
        }
    }

    /** A workbook that takes LibreOffice more than ten seconds to make a PDF of. */
    Path slowXlsx() throws IOException {
        try (var workbook = new SXSSFWorkbook(100)) {
            var sheet = workbook.createSheet();
            for (int row = 0; row < 150_000; row++) {
                var cells = sheet.createRow(row);
                for (int column = 0; column < 8; column++) {
                    cells.createCell(column).setCellValue(row * 8.0 + column);
                }
            }
            return write("slow.xlsx", workbook::write);
        }
    }

    /** A workbook of some hundred kilobytes that makes a CSV file of 100 MB: one long text in each of 50,000 rows. */
    Path xlsxThatGrows() throws IOException {
        try (var workbook = new SXSSFWorkbook(null, 100, false, true)) {
            var sheet = workbook.createSheet();
            String text = "x".repeat(2_000);
            for (int row = 0; row < 50_000; row++) {
                sheet.createRow(row).createCell(0).setCellValue(text);
            }
            return write("grows.xlsx", workbook::write);
        }
    }

    /** A document that asks for a file and an image of this machine. */
    Path docxWithLinksTo(Path text, Path image) throws IOException {
        try (var document = new XWPFDocument()) {
            document.createParagraph().createRun().setText(WORD);
            var field = document.createParagraph().getCTP().addNewFldSimple();
            field.setInstr(" INCLUDETEXT \"" + text + "\" ");
            field.setDirty(true);
            var paragraph = document.createParagraph();
            var relation = document.getPackagePart()
                    .addExternalRelationship(
                            image.toUri().toString(),
                            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image");
            var inline = paragraph.createRun().getCTR().addNewDrawing().addNewInline();
            inline.addNewExtent().setCx(Units.toEMU(100));
            inline.getExtent().setCy(Units.toEMU(100));
            inline.addNewDocPr().setId(1);
            inline.getDocPr().setName("linked");
            inline.addNewGraphic()
                    .addNewGraphicData()
                    .setUri("http://schemas.openxmlformats.org/drawingml/2006/picture");
            inline.getGraphic().getGraphicData().set(XmlObject.Factory.parse(picture(relation.getId())));
            return write("links.docx", document::write);
        } catch (XmlException e) {
            throw new IOException(e);
        }
    }

    private static String picture(String relation) {
        return """
                <a:graphicData xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
                <pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
                 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
                <pic:nvPicPr><pic:cNvPr id="1" name="x"/><pic:cNvPicPr/></pic:nvPicPr>
                <pic:blipFill><a:blip r:link="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
                <pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1270000" cy="1270000"/></a:xfrm>
                <a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>
                """.formatted(relation);
    }

    static byte[] png() throws IOException {
        var image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
        var graphics = image.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, 40, 40);
        graphics.dispose();
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    /** Three sheets, of which the second is active; numbers and dates that are shown otherwise than stored; an image. */
    private static Workbook fill(Workbook workbook) throws IOException {
        workbook.createSheet("First").createRow(0).createCell(0).setCellValue("of the first sheet");
        var sheet = workbook.createSheet("Second");
        workbook.createSheet("Third").createRow(0).createCell(0).setCellValue("of the third sheet");
        var header = sheet.createRow(0);
        header.createCell(0).setCellValue(WORD);
        header.createCell(1).setCellValue("with, comma and \"quotes\"");
        var row = sheet.createRow(1);
        var rounded = workbook.createCellStyle();
        rounded.setDataFormat(workbook.createDataFormat().getFormat("0.00"));
        row.createCell(0).setCellValue(3.14159);
        row.getCell(0).setCellStyle(rounded);
        var percent = workbook.createCellStyle();
        percent.setDataFormat(workbook.createDataFormat().getFormat("0%"));
        row.createCell(1).setCellValue(0.25);
        row.getCell(1).setCellStyle(percent);
        int picture = workbook.addPicture(png(), Workbook.PICTURE_TYPE_PNG);
        ClientAnchor anchor = workbook.getCreationHelper().createClientAnchor();
        anchor.setRow1(4);
        anchor.setRow2(8);
        anchor.setCol2(2);
        sheet.createDrawingPatriarch().createPicture(anchor, picture);
        workbook.setActiveSheet(1);
        workbook.setSelectedTab(1);
        workbook.getSheetAt(0).setSelected(false);
        return workbook;
    }

    private static SlideShow<?, ?> fill(SlideShow<?, ?> show) throws IOException {
        for (String text : new String[] {"About the " + WORD, "second slide"}) {
            var box = show.createSlide().createTextBox();
            box.setAnchor(new Rectangle(50, 50, 400, 100));
            box.setText(text);
        }
        return show;
    }

    private Path write(String name, Content content) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream stream = Files.newOutputStream(file)) {
            content.writeTo(stream);
        }
        return file;
    }

    /** What can be written to a file. */
    @FunctionalInterface
    private interface Content {
        void writeTo(OutputStream stream) throws IOException;
    }
}
