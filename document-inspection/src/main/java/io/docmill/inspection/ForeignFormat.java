package io.docmill.inspection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import org.apache.poi.poifs.filesystem.FileMagic;

/** Names what a file is that is neither zip nor OLE2 nor a document of ours. */
final class ForeignFormat {
    private ForeignFormat() {}

    static String of(FileMagic magic, byte[] head) {
        return switch (magic) {
            case RTF -> "a rich text document (rtf)";
            case PDF -> "a PDF document (pdf)";
            case HTML -> "a web page (html)";
            case XML -> xml(head);
            case MSWRITE -> "a Microsoft Write or Word for DOS document";
            case JPEG -> "a JPEG image (jpg)";
            case PNG -> "a PNG image (png)";
            case GIF -> "a GIF image (gif)";
            case BMP -> "a bitmap image (bmp)";
            case TIFF -> "a TIFF image (tif)";
            case WMF, EMF -> "a Windows metafile (wmf, emf)";
            default -> unknown(head);
        };
    }

    private static String xml(byte[] head) {
        String text = text(head);
        if (text.contains("progid=\"word.document\"")
                || text.contains("schemas.microsoft.com/office/word/2003/wordml")) {
            return "a Word 2003 XML document (xml)";
        }
        if (text.contains("progid=\"excel.sheet\"") || text.contains("urn:schemas-microsoft-com:office:spreadsheet")) {
            return "an Excel 2003 XML workbook (xml)";
        }
        if (text.contains("schemas.microsoft.com/office/2006/xmlpackage")) {
            return "an Office document as flat XML (xml)";
        }
        if (text.contains("urn:oasis:names:tc:opendocument")) {
            return "an OpenDocument file as flat XML (fodt, fods, fodp)";
        }
        if (text.contains("<svg")) {
            return "an SVG image (svg)";
        }
        return text.contains("<html") ? "a web page (html)" : "an XML file (xml)";
    }

    private static String unknown(byte[] head) {
        String text = text(head);
        if (text.contains("%pdf-")) {
            return "a PDF document (pdf)";
        }
        if (text.contains("<html") || text.contains("<!doctype html")) {
            return "a web page (html)";
        }
        if (text.contains("<svg")) {
            return "an SVG image (svg)";
        }
        if (text.startsWith("mime-version:")) {
            return "a web archive or an e-mail (mht, eml)";
        }
        if (text.startsWith("\u001f\u008b")) {
            return "a gzip archive (gz)";
        }
        if (text.startsWith("7z\u00bc\u00af")) {
            return "a 7-Zip archive (7z)";
        }
        if (text.startsWith("rar!")) {
            return "a RAR archive (rar)";
        }
        if (text.startsWith("pk\u0005\u0006")) {
            return "an empty zip archive";
        }
        if (text.startsWith("riff") && text.startsWith("webp", 8)) {
            return "a WebP image (webp)";
        }
        return isPlainText(head) ? "plain text" : "of a kind that Docmill does not know";
    }

    /** Lower case, one character a byte; zero bytes left out, so that UTF-16 reads like ASCII. */
    private static String text(byte[] head) {
        return new String(head, ISO_8859_1).replace("\0", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isPlainText(byte[] head) {
        boolean utf16 = head.length >= 2 && ((head[0] == -1 && head[1] == -2) || (head[0] == -2 && head[1] == -1));
        if (utf16) {
            return true;
        }
        for (byte b : head) {
            if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f') {
                return false;
            }
        }
        return true;
    }
}
