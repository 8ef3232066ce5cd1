package io.docmill.platform.config;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what is between the lines of BEGIN and END (RFC 7468), those lines included. */
final class PemBlocks {
    private PemBlocks() {}

    /**
     * All blocks of a kind, in order.
     *
     * @param label such as {@code CERTIFICATE}
     */
    static Stream<String> of(String text, String label) {
        return Pattern.compile("-----BEGIN %s-----.*?-----END %s-----".formatted(label, label), Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(MatchResult::group);
    }

    /** What a block has between its first and last line. */
    static String content(String block) {
        return block.replaceAll("-----[^-]+-----", "").replaceAll("\\s", "");
    }

    /** A block of a kind. */
    static String write(String label, String content) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, content, label);
    }
}
