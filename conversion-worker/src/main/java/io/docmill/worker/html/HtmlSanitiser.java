package io.docmill.worker.html;

import java.io.ByteArrayInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.parser.Parser;
import org.jsoup.safety.Cleaner;
import org.jsoup.safety.Safelist;

/**
 * Turns the HTML that LibreOffice writes into one file that stands alone and can do nothing: no script, no event handler, no
 * form, nothing that a browser loads from elsewhere. Only links that a person clicks may lead away. Safe for use from many
 * threads; large documents pass one at a time.
 */
public final class HtmlSanitiser {

    /** Measured: so many take up to 160 MB of heap, a million up to 512 MB. They are a sheet of 12,000 rows and ten columns. */
    static final int MOST_TAGS = 250_000;

    /** Up to here a document takes some 40 MB at worst, so that there may be one in each slot. */
    private static final int LARGE_BYTES = 256 << 10;

    private static final Pattern IMAGE = Pattern.compile(
            "data:image/(?:png|jpeg|gif|webp|bmp);base64,[A-Za-z0-9+/=\\s]*+", Pattern.CASE_INSENSITIVE);

    /** A file of LibreOffice's beside the HTML: a plain name. */
    private static final Pattern FILE_NAME = Pattern.compile("[\\w\\-][\\w\\-.]{0,200}");

    private static final String DOCTYPE = "<!DOCTYPE html>\n";
    private static final String POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

    private final Semaphore large = new Semaphore(1, true);

    /**
     * Sanitises a file. An interrupt of the calling thread ends it soon; the target may be there in part then.
     *
     * @param source UTF-8; images that it names in its own directory are taken into the result
     * @param target must not exist
     * @param limitBytes of the source, and of source and images together
     * @throws HtmlTooLargeException if the source is past the limit, or has more than 250,000 tags
     * @throws InterruptedException if the thread was interrupted
     */
    public void sanitise(Path source, Path target, long limitBytes)
            throws IOException, HtmlTooLargeException, InterruptedException {
        boolean alone = Files.size(source) > LARGE_BYTES;
        if (alone) {
            large.acquire();
        }
        try {
            sanitiseFile(source, target, limitBytes);
        } catch (IOException | RuntimeException e) {
            // Files and parser tell of an interrupt by exceptions of theirs.
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(e);
            }
            throw e;
        } finally {
            if (alone) {
                large.release();
            }
        }
    }

    private static void sanitiseFile(Path source, Path target, long limitBytes)
            throws IOException, HtmlTooLargeException {
        byte[] html = read(source, limitBytes)
                .orElseThrow(() -> new HtmlTooLargeException("More than " + limitBytes + " bytes of HTML"));
        if (tags(html) > MOST_TAGS) {
            throw new HtmlTooLargeException("More than " + MOST_TAGS + " tags");
        }
        var images = new ImageFiles(source.resolveSibling("."), limitBytes - html.length);
        var text = new InputStreamReader(new ByteArrayInputStream(html), StandardCharsets.UTF_8);
        Document clean = sanitise(text, images);
        try (var result = Files.newBufferedWriter(target, StandardOpenOption.CREATE_NEW)) {
            result.write(DOCTYPE);
            clean.html(result).write('\n');
        }
    }

    /** Sanitises HTML without files beside it. */
    public String sanitise(String html) {
        var images = new ImageFiles(Path.of("/nonexistent"), 0);
        return DOCTYPE + sanitise(new StringReader(html), images).outerHtml() + "\n";
    }

    private static Document sanitise(Reader html, ImageFiles images) {
        Document dirty = Parser.htmlParser().parseInput(new InterruptibleReader(html), "");
        String title = dirty.title();
        String styles = dirty.select("style").stream()
                .map(style -> StyleSanitiser.sheet(style.data()))
                .collect(Collectors.joining());
        dirty.select("img").forEach(image -> images.inline(image));
        Document clean = new Cleaner(safelist()).clean(dirty);
        clean.select("img").forEach(HtmlSanitiser::keepOnlyData);
        clean.select("[style]").forEach(HtmlSanitiser::keepHarmlessStyle);
        addHead(clean, title, styles);
        clean.outputSettings()
                .charset(StandardCharsets.UTF_8)
                .escapeMode(Entities.EscapeMode.base)
                .prettyPrint(false);
        return clean;
    }

    private static void goOnUnlessInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted");
        }
    }

    /** Parsing reads all along, so that here it can be ended. */
    private static final class InterruptibleReader extends FilterReader {

        InterruptibleReader(Reader text) {
            super(text);
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            goOnUnlessInterrupted();
            return super.read(buffer, offset, length);
        }
    }

    /** Cleaning asks for each tag, so that here it can be ended. */
    private static final class InterruptibleSafelist extends Safelist {

        InterruptibleSafelist(Safelist other) {
            super(other);
        }

        @Override
        public boolean isSafeTag(String tag) {
            goOnUnlessInterrupted();
            return super.isSafeTag(tag);
        }
    }

    private static Safelist safelist() {
        return new InterruptibleSafelist(Safelist.relaxed())
                .addTags("address", "big", "center", "del", "dfn", "font", "hr", "ins", "kbd", "s", "samp", "tt", "var")
                .addAttributes(":all", "align", "class", "dir", "id", "lang", "style", "title", "valign")
                .addAttributes("a", "name")
                .addAttributes("col", "span", "width")
                .addAttributes("colgroup", "span", "width")
                .addAttributes("font", "color", "face", "size")
                .addAttributes("hr", "color", "noshade", "size", "width")
                .addAttributes("img", "alt", "border", "height", "hspace", "src", "vspace", "width")
                .addAttributes("li", "value")
                .addAttributes("ol", "start", "type")
                .addAttributes("table", "bgcolor", "border", "cellpadding", "cellspacing", "frame", "rules", "width")
                .addAttributes("td", "bgcolor", "colspan", "height", "nowrap", "rowspan", "width")
                .addAttributes("th", "bgcolor", "colspan", "height", "nowrap", "rowspan", "width")
                .addAttributes("tr", "bgcolor", "height")
                .removeProtocols("a", "href", "ftp")
                .addProtocols("a", "href", "#")
                .removeProtocols("img", "src", "http", "https")
                .addProtocols("img", "src", "data")
                .removeAttributes("blockquote", "cite")
                .removeAttributes("q", "cite")
                .addEnforcedAttribute("a", "rel", "noopener noreferrer");
    }

    private static void keepOnlyData(Element image) {
        if (!IMAGE.matcher(image.attr("src")).matches()) {
            image.removeAttr("src");
        }
    }

    private static void keepHarmlessStyle(Element element) {
        goOnUnlessInterrupted();
        String style = StyleSanitiser.declarations(element.attr("style"));
        if (style.isEmpty()) {
            element.removeAttr("style");
        } else {
            element.attr("style", style);
        }
    }

    private static void addHead(Document document, String title, String styles) {
        Element head = document.head();
        head.appendElement("meta").attr("charset", "utf-8");
        head.appendElement("meta").attr("http-equiv", "Content-Security-Policy").attr("content", POLICY);
        head.appendElement("title").text(title);
        if (!styles.isEmpty()) {
            head.appendElement("style").appendChild(new DataNode(styles));
        }
    }

    private static Optional<byte[]> read(Path file, long limitBytes) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            // To open a pipe would be to wait for ever.
            throw new NoSuchFileException(file.toString());
        }
        try (InputStream stream = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            int most = (int) Math.min(Math.max(limitBytes, 0), Integer.MAX_VALUE - 16);
            byte[] content = stream.readNBytes(most + 1);
            return content.length > most ? Optional.empty() : Optional.of(content);
        }
    }

    private static int tags(byte[] html) {
        int count = 0;
        for (byte character : html) {
            if (character == '<') {
                count++;
            }
        }
        return count;
    }

    /** The images that LibreOffice wrote beside its HTML. */
    private static final class ImageFiles {

        private final Path directory;
        private long remainingBytes;

        ImageFiles(Path directory, long remainingBytes) {
            this.directory = directory;
            this.remainingBytes = remainingBytes;
        }

        /** Puts the file that an image names into the image; one that is absent, odd or past the limit is left for the cleaner. */
        void inline(Element image) {
            goOnUnlessInterrupted();
            String name = image.attr("src");
            if (!FILE_NAME.matcher(name).matches()) {
                return;
            }
            try {
                var content = read(directory.resolve(name), remainingBytes);
                content.ifPresent(bytes -> type(bytes).ifPresent(type -> inline(image, type, bytes)));
            } catch (IOException e) {
                image.removeAttr("src");
            }
        }

        private void inline(Element image, String type, byte[] content) {
            remainingBytes -= content.length;
            image.attr("src", "data:" + type + ";base64," + Base64.getEncoder().encodeToString(content));
        }

        /** By the first bytes: names are not to be trusted. */
        private static Optional<String> type(byte[] content) {
            String start = new String(content, 0, Math.min(content.length, 4), StandardCharsets.ISO_8859_1)
                    .toLowerCase(Locale.ROOT);
            if (start.endsWith("png")) {
                return Optional.of("image/png");
            }
            if (start.startsWith("gif8")) {
                return Optional.of("image/gif");
            }
            return start.startsWith("\u00ff\u00d8\u00ff") ? Optional.of("image/jpeg") : Optional.empty();
        }
    }
}
