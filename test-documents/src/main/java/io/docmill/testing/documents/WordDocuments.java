package io.docmill.testing.documents;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import org.apache.poi.common.usermodel.PictureType;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;
import org.apache.poi.util.Units;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/** The docx documents, made with POI's XWPF. */
final class WordDocuments {
    private WordDocuments() {}

    static byte[] paragraphs(List<String> texts) {
        try (var document = new XWPFDocument()) {
            for (String text : texts) {
                document.createParagraph().createRun().setText(text);
            }
            return OoxmlBytes.of(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] pages(List<String> texts) {
        try (var document = new XWPFDocument()) {
            for (int i = 0; i < texts.size(); i++) {
                var paragraph = document.createParagraph();
                paragraph.setPageBreak(i > 0);
                paragraph.createRun().setText(texts.get(i));
            }
            return OoxmlBytes.of(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] rich(String heading, String text) {
        try (var document = new XWPFDocument()) {
            addHeadingStyle(document);
            var title = document.createParagraph();
            title.setStyle("Heading1");
            title.createRun().setText(heading);
            document.createParagraph().createRun().setText(text);
            var table = document.createTable(2, 2);
            for (int row = 0; row < 2; row++) {
                for (int column = 0; column < 2; column++) {
                    table.getRow(row).getCell(column).setText(TestDocuments.cellText(row, column));
                }
            }
            var picture = document.createParagraph().createRun();
            picture.addPicture(
                    new ByteArrayInputStream(SampleImage.png()),
                    PictureType.PNG,
                    "quarters.png",
                    Units.toEMU(SampleImage.WIDTH),
                    Units.toEMU(SampleImage.HEIGHT));
            for (String url : TestDocuments.LINKS) {
                document.createParagraph().createHyperlinkRun(url).setText("link to " + url);
            }
            return OoxmlBytes.of(document);
        } catch (IOException | InvalidFormatException e) {
            throw new IllegalStateException("POI could not write the test document", e);
        }
    }

    /** Pictures that are not inside but named by these URLs, as Word writes "insert and link". */
    static byte[] linkedImages(List<String> urls) {
        var parts = ZipParts.of(paragraphs(List.of("Linked images follow.")));
        for (int i = 0; i < urls.size(); i++) {
            parts.edit(
                    "word/_rels/document.xml.rels",
                    "</Relationships>",
                    "<Relationship Id=\"link%d\" Target=\"%s\" TargetMode=\"External\" Type=\"%s\"/></Relationships>"
                            .formatted(
                                    i,
                                    urls.get(i),
                                    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"));
            parts.edit("word/document.xml", "</w:body>", linkedImage(i) + "</w:body>");
        }
        return parts.toBytes();
    }

    private static String linkedImage(int number) {
        return """
            <w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
            ><wp:extent cx="635000" cy="635000"/><wp:docPr id="%1$d" name="linked %1$d"/><a:graphic
            xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData
            uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic
            xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="%1$d"
            name="linked %1$d"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip
            xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:link="link%1$d"/><a:stretch
            ><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="635000"
            cy="635000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic
            ></wp:inline></w:drawing></w:r></w:p>
            """.formatted(number);
    }

    /** Headings count as such (outline, bookmarks) by their style's outline level; a new XWPF document has no styles. */
    private static void addHeadingStyle(XWPFDocument document) {
        CTStyle style = CTStyle.Factory.newInstance();
        style.setStyleId("Heading1");
        style.addNewName().setVal("heading 1");
        style.addNewQFormat();
        style.addNewPPr().addNewOutlineLvl().setVal(BigInteger.ZERO);
        style.addNewRPr().addNewB();
        var heading = new XWPFStyle(style);
        heading.setType(STStyleType.PARAGRAPH);
        document.createStyles().addStyle(heading);
    }
}
