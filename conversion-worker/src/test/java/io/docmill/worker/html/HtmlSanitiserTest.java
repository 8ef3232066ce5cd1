package io.docmill.worker.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlSanitiserTest {

    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private final HtmlSanitiser sanitiser = new HtmlSanitiser();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>evil()</script>",
                "<p onclick='evil()'>x</p>",
                "<a href='javascript:evil()'>x</a>",
                "<a href=' jAvAsCrIpT&#58;evil()'>x</a>",
                "<a href='java&#10;script:evil()'>x</a>",
                "<a href='vbscript:evil()'>x</a>",
                "<a href='data:text/html,<script>evil()</script>'>x</a>",
                "<svg onload='evil()'><script>evil()</script></svg>",
                "<math><mtext><style><img src=x onerror=evil()></style></mtext></math>",
                "<img src='x' onerror='evil()'>",
                "<iframe src='https://evil.example/'></iframe>",
                "<object data='https://evil.example/'></object>",
                "<embed src='https://evil.example/'>",
                "<form action='https://evil.example/'><input formaction='https://evil.example/'></form>",
                "<base href='https://evil.example/'>",
                "<meta http-equiv='refresh' content='0;url=https://evil.example/'>",
                "<link rel='stylesheet' href='https://evil.example/x.css'>",
                "<img src='https://evil.example/x.png'>",
                "<img src='//evil.example/x.png'>",
                "<img src='file:///etc/evil'>",
                "<img srcset='https://evil.example/x.png 2x'>",
                "<img src='data:image/svg+xml;base64,ZXZpbA==' alt=''>",
                "<img src='data:text/html,evil'>",
                "<table background='https://evil.example/x.png'><tr><td background='https://evil.example/'>x</table>",
                "<p style='background: url(https://evil.example/x.png)'>x</p>",
                "<p style='background-image: url(https://evil.example/x.png)'>x</p>",
                "<p style='width: expression(evil())'>x</p>",
                "<p style='background: u\\72l(https://evil.example/)'>x</p>",
                "<p style='behavior: url(evil.htc)'>x</p>",
                "<p style='position: fixed; content: \"evil\"'>x</p>",
                "<style>@import 'https://evil.example/x.css';</style>",
                "<style>p { background: url(https://evil.example/) }</style>",
                "<style>@font-face { font-family: x; src: url(https://evil.example/) }</style>",
                "<style>p { color: red } </style><script>evil()</script>",
                "<style>a[href^=x] { background: url(//evil.example/) }</style>",
                "<blockquote cite='https://evil.example/'>x</blockquote>",
                "<video poster='https://evil.example/x.png' src='https://evil.example/'></video>",
                "<noscript><p title='</noscript><img src=x onerror=evil()>'></noscript>",
                "<title></title><script>evil()</script>"
            })
    void nothingHostileIsLeft(String html) {
        // When
        Document clean = Jsoup.parse(sanitiser.sanitise(html));
        // Then
        assertThat(clean.select("script, svg, math, iframe, object, embed, form, input, base, link, video, noscript"))
                .isEmpty();
        assertThat(clean.select("[onclick], [onerror], [onload], [srcset], [background], [cite], [action]"))
                .isEmpty();
        assertThat(clean.select("[src], [href]")).isEmpty();
        assertThat(clean.select("meta[http-equiv=refresh]")).isEmpty();
        assertThat(clean.select("style").html() + clean.select("[style]").attr("style"))
                .doesNotContain("evil")
                .doesNotContain("(")
                .doesNotContain("@");
    }

    @Test
    void whatMakesADocumentIsKept() {
        // Given
        var html = """
                <html><head><title>Q3 &lt;report&gt;</title>
                <style>p { margin-bottom: 0.1in; line-height: 115% } td.big p { color: #ff0000 }</style></head>
                <body lang="de-DE"><h1>Größe</h1><ul><li>one</li></ul>
                <table border="1"><tr><td colspan="2" style="border: 1px solid #000000; color: rgb(1, 2, 3)">cell</td></tr></table>
                <p align="center"><a href="https://example.org/">away</a> <a href="#top">up</a> <a name="top">here</a></p>
                <font face="Liberation Serif" color="#112233">text</font></body></html>
                """;
        // When
        Document clean = Jsoup.parse(sanitiser.sanitise(html));
        // Then
        assertThat(clean.title()).isEqualTo("Q3 <report>");
        assertThat(clean.select("meta[charset=utf-8]")).hasSize(1);
        assertThat(clean.select("h1").text()).isEqualTo("Größe");
        assertThat(clean.select("ul > li").text()).isEqualTo("one");
        assertThat(clean.select("td[colspan=2]").attr("style"))
                .isEqualTo("border: 1px solid #000000; color: rgb(1, 2, 3)");
        assertThat(clean.select("a[href=https://example.org/]").attr("rel")).isEqualTo("noopener noreferrer");
        assertThat(clean.select("a[href=#top]").text()).isEqualTo("up");
        assertThat(clean.select("style").html()).contains("line-height: 115%", "td.big p { color: #ff0000 }");
        assertThat(clean.select("font").attr("color")).isEqualTo("#112233");
    }

    @Test
    void imagesBesideTheHtmlAreTakenIn() throws IOException, HtmlTooLargeException, InterruptedException {
        // Given
        Files.write(directory.resolve("result_html_1.png"), PNG);
        Path outside = Files.write(directory.resolveSibling("outside.png"), PNG);
        Files.createSymbolicLink(directory.resolve("link.png"), outside);
        Path source = Files.writeString(
                directory.resolve("in.html"),
                "<img src='result_html_1.png'><img src='../outside.png'><img src='link.png'><img src='absent.png'>");
        Path target = directory.resolve("out.html");
        // When
        sanitiser.sanitise(source, target, 10_000);
        // Then
        assertThat(Jsoup.parse(Files.readString(target)).select("img[src]"))
                .singleElement()
                .satisfies(image -> assertThat(image.attr("src"))
                        .isEqualTo(
                                "data:image/png;base64," + Base64.getEncoder().encodeToString(PNG)));
        Files.delete(outside);
    }

    /** To open one would be to wait for whoever writes to it. */
    @Test
    void aPipeInPlaceOfAnImageIsNotOpened() throws IOException, HtmlTooLargeException, InterruptedException {
        // Given
        Path pipe = directory.resolve("pipe.png");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path source = Files.writeString(directory.resolve("source.html"), "<p>text<img src='pipe.png'></p>");
        Path target = directory.resolve("target.html");
        // When
        sanitiser.sanitise(source, target, 10_000);
        // Then
        assertThat(Jsoup.parse(Files.readString(target)).text()).isEqualTo("text");
        assertThat(Files.readString(target)).doesNotContain("pipe.png");
    }

    @Test
    void tooMuchHtmlIsRefused() throws IOException {
        // Given
        Path source = Files.writeString(directory.resolve("in.html"), "x".repeat(101));
        Path target = directory.resolve("out.html");
        // Then
        assertThatExceptionOfType(HtmlTooLargeException.class)
                .isThrownBy(() -> sanitiser.sanitise(source, target, 100));
    }

    @Test
    void tooManyTagsAreRefused() throws IOException {
        // Given
        Path source = Files.writeString(directory.resolve("in.html"), "<b>".repeat(HtmlSanitiser.MOST_TAGS + 1));
        Path target = directory.resolve("out.html");
        // Then
        assertThatExceptionOfType(HtmlTooLargeException.class)
                .isThrownBy(() -> sanitiser.sanitise(source, target, 64 << 20));
    }

    @Test
    void anInterruptEndsIt() throws IOException {
        // Given
        Path source = Files.writeString(directory.resolve("in.html"), "<p>x</p>");
        Path target = directory.resolve("out.html");
        // When
        Thread.currentThread().interrupt();
        // Then
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> sanitiser.sanitise(source, target, 10_000));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
}
