package io.docmill.inspection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Optional;

/**
 * Searches an XML part for a document type declaration and for elements nested too deep, in constant memory.
 *
 * <p>Not a parser, on purpose: parsers keep every distinct name and each attribute whole (a part of 128 MiB of names makes
 * a gigabyte of them), and stop at the first fault, while the ones in LibreOffice read on past some. Whether the XML is
 * well-formed is left to LibreOffice. A declaration of the types {@code html} and {@code svg} without entities of its own
 * passes: it is usual at the head of embedded pages and drawings, and names a DTD that nobody loads. Confined to one
 * thread, for one use.
 */
final class XmlScan {
    /** What a scan found first. */
    enum Finding {
        NOTHING,
        DOCUMENT_TYPE,
        TOO_DEEP
    }

    private static final int END = -1;
    private static final int LONGEST_WORD = 8;
    private static final Charset EBCDIC = Charset.forName("IBM037");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

    private final Charset charset;
    private final int maximumDepth;
    private int depth;
    private boolean page;

    private XmlScan(Charset charset, int maximumDepth) {
        this.charset = charset;
        this.maximumDepth = maximumDepth;
    }

    /** A scan for a part that starts like this; empty where that is not the start of XML in any encoding. */
    static Optional<XmlScan> of(byte[] head, int maximumDepth) {
        return charsetOf(head).map(charset -> new XmlScan(charset, maximumDepth));
    }

    /** XML 1.0, appendix F. Of encodings that are ASCII below 128, only what is ASCII matters here. */
    private static Optional<Charset> charsetOf(byte[] head) {
        for (Charset charset : new Charset[] {UTF_32BE, UTF_32LE, UTF_16BE, UTF_16LE, ISO_8859_1, EBCDIC}) {
            String start = new String(head, charset);
            if (start.startsWith("\u00EF\u00BB\u00BF")) {
                start = start.substring(3);
            }
            if (start.startsWith("\uFEFF")) {
                start = start.substring(1);
            }
            if (start.stripLeading().startsWith("<")) {
                return Optional.of(charset);
            }
        }
        return Optional.empty();
    }

    Finding scan(InputStream in) throws IOException {
        var xml = new BufferedReader(new InputStreamReader(in, charset));
        while (skipPast(xml, '<')) {
            int next = xml.read();
            Finding finding = Finding.NOTHING;
            if (next == '!') {
                finding = declaration(xml);
            } else if (next == '?') {
                skipPast(xml, "?>");
            } else if (next == '/') {
                depth--;
                skipPast(xml, '>');
            } else if (next != END) {
                finding = element(xml, (char) next);
            }
            if (finding != Finding.NOTHING) {
                return finding;
            }
        }
        return Finding.NOTHING;
    }

    /** Past {@code <!}: a comment, character data, or what must not be there. */
    private static Finding declaration(Reader xml) throws IOException {
        int first = xml.read();
        if (first == '[') {
            skipPast(xml, "]]>");
            return Finding.NOTHING;
        }
        if (first == '-') {
            skipPast(xml, "-->");
            return Finding.NOTHING;
        }
        String type = typeDeclared(first, xml);
        if (!type.equals("html") && !type.equals("svg")) {
            return Finding.DOCUMENT_TYPE;
        }
        for (int c = xml.read(); c != '>' && c != END; c = xml.read()) {
            if (c == '[') {
                return Finding.DOCUMENT_TYPE;
            }
        }
        return Finding.NOTHING;
    }

    /** The name after {@code DOCTYPE}, lower case; something else for any other declaration. */
    private static String typeDeclared(int first, Reader xml) throws IOException {
        String word = ((char) first + word(xml)).toLowerCase(Locale.ROOT);
        return word.equals("doctype") ? word(xml).toLowerCase(Locale.ROOT) : "";
    }

    /** The next few letters, past white space before them; eats the character that ends them. */
    private static String word(Reader xml) throws IOException {
        int c = xml.read();
        while (c != END && Character.isWhitespace(c)) {
            c = xml.read();
        }
        var word = new StringBuilder();
        while (Character.isLetter(c) && word.length() < LONGEST_WORD) {
            word.append((char) c);
            c = xml.read();
        }
        // The start of an internal subset directly behind the name must not get lost.
        return c == '[' ? word + "[" : word.toString();
    }

    private Finding element(Reader xml, char first) throws IOException {
        var name = new StringBuilder(LONGEST_WORD).append(first);
        int last = first;
        boolean named = false;
        for (int c = xml.read(); c != '>' && c != END; c = xml.read()) {
            named |= !Character.isLetterOrDigit(c);
            if (!named && name.length() < LONGEST_WORD) {
                name.append((char) c);
            }
            last = c;
            if (c == '"' || c == '\'') {
                skipPast(xml, (char) c);
            }
        }
        String tag = name.toString().toLowerCase(Locale.ROOT);
        page |= depth == 0 && tag.equals("html");
        // Pages leave elements open, and so do the line breaks in Office's VML.
        if (last != '/' && !page && !tag.equals("br")) {
            depth++;
        }
        return depth > maximumDepth ? Finding.TOO_DEEP : Finding.NOTHING;
    }

    private static boolean skipPast(Reader xml, char end) throws IOException {
        int c = xml.read();
        while (c != END && c != end) {
            c = xml.read();
        }
        return c == end;
    }

    private static void skipPast(Reader xml, String end) throws IOException {
        int matched = 0;
        while (matched < end.length()) {
            int c = xml.read();
            if (c == END) {
                return;
            }
            if (c == end.charAt(matched)) {
                matched++;
            } else if (matched != end.length() - 1 || c != end.charAt(0)) {
                // "--->" and "]]]>" keep what matched: a repeated first character is one more of the same.
                matched = c == end.charAt(0) ? 1 : 0;
            }
        }
    }
}
