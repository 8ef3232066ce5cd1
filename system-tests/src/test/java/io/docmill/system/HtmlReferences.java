package io.docmill.system;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * What a page refers to.
 *
 * @param scripts script elements and event handlers
 * @param links where its links go
 * @param loaded what a browser loads by itself when it shows the page
 */
record HtmlReferences(List<String> scripts, List<String> links, List<String> loaded) {
    private static final Pattern CSS_URL = Pattern.compile("url\\(\\s*['\"]?([^'\")]+)");

    static HtmlReferences of(String html) {
        Document page = Jsoup.parse(html);
        Stream<String> handlers = page.getAllElements().stream()
                .flatMap(element -> element.attributes().asList().stream())
                .map(attribute -> attribute.getKey())
                .filter(name -> name.startsWith("on"));
        Stream<String> sources = Stream.of("src", "background", "poster", "srcset")
                .flatMap(name -> page.select("[" + name + "]").eachAttr(name).stream());
        Stream<String> css = CSS_URL.matcher(html).results().map((MatchResult match) -> match.group(1));
        return new HtmlReferences(
                Stream.concat(page.select("script,iframe,object,embed").stream().map(Element::outerHtml), handlers)
                        .toList(),
                page.select("a[href],area[href]").eachAttr("href"),
                Stream.of(sources, css, page.select("link[href]").eachAttr("href").stream())
                        .flatMap(found -> found)
                        .toList());
    }
}
