package io.docmill.worker.html;

import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * Lets harmless CSS through: known properties with plain values. Whatever can load, move over other content or hide a second
 * meaning (functions other than colours, escapes, at-rules) is left out, whole declarations at a time.
 */
final class StyleSanitiser {

    private static final Set<String> PROPERTIES = Set.of(
            "background",
            "background-color",
            "border",
            "border-bottom",
            "border-bottom-color",
            "border-bottom-style",
            "border-bottom-width",
            "border-collapse",
            "border-color",
            "border-left",
            "border-left-color",
            "border-left-style",
            "border-left-width",
            "border-right",
            "border-right-color",
            "border-right-style",
            "border-right-width",
            "border-spacing",
            "border-style",
            "border-top",
            "border-top-color",
            "border-top-style",
            "border-top-width",
            "border-width",
            "clear",
            "color",
            "direction",
            "display",
            "float",
            "font",
            "font-family",
            "font-size",
            "font-style",
            "font-variant",
            "font-weight",
            "height",
            "letter-spacing",
            "line-height",
            "list-style-type",
            "margin",
            "margin-bottom",
            "margin-left",
            "margin-right",
            "margin-top",
            "max-width",
            "orphans",
            "padding",
            "padding-bottom",
            "padding-left",
            "padding-right",
            "padding-top",
            "page-break-after",
            "page-break-before",
            "page-break-inside",
            "text-align",
            "text-decoration",
            "text-indent",
            "text-transform",
            "vertical-align",
            "visibility",
            "white-space",
            "widows",
            "width",
            "word-spacing");

    /** Words, numbers, colours, quoted names; of functions only those of colours. */
    private static final Pattern VALUE =
            Pattern.compile("(?:[\\p{L}\\p{N}#%.,\\-+'\" !/_]|(?:rgb|rgba|hsl|hsla)\\([0-9.,% ]*\\))*");

    /** Elements, classes, ids, descendants and the states of links. */
    private static final Pattern SELECTOR =
            Pattern.compile("[\\w.#,> *\\-]*(?::(?:link|visited|hover|active|focus)[\\w.#,> *\\-]*)*");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

    private static final int LONGEST_VALUE = 200;
    private static final int LONGEST_SELECTOR = 500;

    private StyleSanitiser() {}

    /** The harmless declarations of a style attribute or of a rule. */
    static String declarations(String style) {
        var harmless = new StringJoiner("; ");
        for (String declaration : COMMENT.matcher(style).replaceAll(" ").split(";", -1)) {
            int colon = declaration.indexOf(':');
            if (colon > 0 && isHarmless(name(declaration, colon), value(declaration, colon))) {
                harmless.add(name(declaration, colon) + ": " + value(declaration, colon));
            }
        }
        return harmless.toString();
    }

    private static String name(String declaration, int colon) {
        return declaration.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }

    private static String value(String declaration, int colon) {
        return declaration.substring(colon + 1).replaceAll("\\s+", " ").strip();
    }

    private static boolean isHarmless(String name, String value) {
        return PROPERTIES.contains(name)
                && value.length() <= LONGEST_VALUE
                && VALUE.matcher(value).matches()
                && isClosed(value, '"')
                && isClosed(value, '\'');
    }

    private static boolean isClosed(String value, char quote) {
        return value.chars().filter(character -> character == quote).count() % 2 == 0;
    }

    /** The harmless rules of a style sheet. */
    static String sheet(String css) {
        String source =
                COMMENT.matcher(css.replace("<!--", " ").replace("-->", " ")).replaceAll(" ");
        var harmless = new StringBuilder();
        int position = 0;
        while (position < source.length()) {
            int open = source.indexOf('{', position);
            if (open < 0) {
                break;
            }
            int close = closing(source, open);
            String selector = source.substring(position, open).strip();
            if (isHarmlessSelector(selector)) {
                addRule(harmless, selector, declarations(source.substring(open + 1, close)));
            }
            position = close + 1;
        }
        return harmless.toString();
    }

    private static boolean isHarmlessSelector(String selector) {
        return !selector.isEmpty()
                && selector.length() <= LONGEST_SELECTOR
                && SELECTOR.matcher(selector).matches();
    }

    private static void addRule(StringBuilder sheet, String selector, String declarations) {
        if (!declarations.isEmpty()) {
            sheet.append(selector).append(" { ").append(declarations).append(" }\n");
        }
    }

    /** The brace that closes the one at {@code open}, or the end. */
    private static int closing(String source, int open) {
        int depth = 0;
        for (int i = open; i < source.length(); i++) {
            char character = source.charAt(i);
            if (character == '{') {
                depth++;
            } else if (character == '}' && --depth == 0) {
                return i;
            }
        }
        return source.length();
    }
}
