package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.poi.sl.extractor.SlideShowExtractor;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.extractor.XWPFWordExtractor;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.jsoup.Jsoup;
import org.jsoup.parser.Parser;

/**
 * What a result says, read by a library of its format, which fails on a file that is not sound.
 *
 * @param text all text, with one space for each run of white space
 * @param pages how many pages a PDF has; 1 for other formats
 */
record ConvertedContent(String text, int pages) {
    static ConvertedContent of(String format, byte[] bytes) throws IOException {
        return switch (format) {
            case "pdf" -> ofPdf(bytes);
            case "html" -> of(Jsoup.parse(utf8(bytes)).text());
            case "txt" -> of(utf8(bytes));
            case "csv" -> of(csv(bytes));
            case "png" -> ofPng(bytes);
            case "odt" -> of(openDocument(bytes, "application/vnd.oasis.opendocument.text"));
            case "odp" -> of(openDocument(bytes, "application/vnd.oasis.opendocument.presentation"));
            case "docx" -> of(docx(bytes));
            case "xlsx" -> of(xlsx(bytes));
            case "pptx" -> of(pptx(bytes));
            default -> throw new IllegalArgumentException(format);
        };
    }

    private static ConvertedContent of(String text) {
        return new ConvertedContent(text.replaceAll("\\s+", " ").strip(), 1);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static ConvertedContent ofPdf(byte[] bytes) throws IOException {
        try (PDDocument document = Loader.loadPDF(bytes)) {
            String text = new PDFTextStripper().getText(document);
            return new ConvertedContent(text.replaceAll("\\s+", " ").strip(), document.getNumberOfPages());
        }
    }

    /** A picture has no text, but it must show something. */
    private static ConvertedContent ofPng(byte[] bytes) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
        assertThat(image).as("a picture that can be decoded").isNotNull();
        assertThat(image.getWidth()).isGreaterThan(300);
        assertThat(image.getHeight()).isGreaterThan(200);
        long colours = Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
        assertThat(colours).as("colours of a page with text and a picture").isGreaterThan(2);
        return of("");
    }

    private static String csv(byte[] bytes) throws IOException {
        try (var records = CSVFormat.RFC4180.parse(new StringReader(utf8(bytes)))) {
            return records.stream()
                    .flatMap(row -> StreamSupport.stream(row.spliterator(), false))
                    .collect(Collectors.joining(" "));
        }
    }

    private static String openDocument(byte[] bytes, String mediaType) throws IOException {
        String text = "";
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("mimetype")) {
                    assertThat(utf8(zip.readAllBytes())).isEqualTo(mediaType);
                } else if (entry.getName().equals("content.xml")) {
                    text = Jsoup.parse(utf8(zip.readAllBytes()), "", Parser.xmlParser())
                            .text();
                }
            }
        }
        return text;
    }

    private static String docx(byte[] bytes) throws IOException {
        try (var document = new XWPFDocument(new ByteArrayInputStream(bytes));
                var extractor = new XWPFWordExtractor(document)) {
            return extractor.getText();
        }
    }

    private static String xlsx(byte[] bytes) throws IOException {
        DataFormatter formatter = new DataFormatter();
        try (var workbook = new XSSFWorkbook(new ByteArrayInputStream(bytes))) {
            return StreamSupport.stream(workbook.spliterator(), false)
                    .flatMap(sheet -> StreamSupport.stream(sheet.spliterator(), false))
                    .flatMap(row -> StreamSupport.stream(row.spliterator(), false))
                    .map(formatter::formatCellValue)
                    .collect(Collectors.joining(" "));
        }
    }

    private static String pptx(byte[] bytes) throws IOException {
        try (var slides = new XMLSlideShow(new ByteArrayInputStream(bytes));
                var extractor = new SlideShowExtractor<>(slides)) {
            return extractor.getText();
        }
    }
}
