package io.docmill.model.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import java.util.regex.Pattern;

/** What values an option takes, and how a caller is told so. */
public sealed interface OptionType {
    /** The value that a text stands for, in its canonical form; empty if the option does not take it. */
    Optional<JsonNode> read(String text);

    /** What the option takes, in words that end a sentence such as "timeout takes …". */
    String description();

    /** {@code true} or {@code false}. */
    record Flag() implements OptionType {
        @Override
        public Optional<JsonNode> read(String text) {
            return switch (text) {
                case "true" -> Optional.of(BooleanNode.TRUE);
                case "false" -> Optional.of(BooleanNode.FALSE);
                default -> Optional.empty();
            };
        }

        @Override
        public String description() {
            return "true or false";
        }
    }

    /**
     * A whole number.
     *
     * @param minimum the smallest
     * @param maximum the largest
     * @param unit what is counted, in the plural
     */
    record WholeNumber(int minimum, int maximum, String unit) implements OptionType {
        private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

        @Override
        public Optional<JsonNode> read(String text) {
            if (!DIGITS.matcher(text).matches()) {
                return Optional.empty();
            }
            int number = Integer.parseInt(text);
            return number < minimum || number > maximum ? Optional.empty() : Optional.of(IntNode.valueOf(number));
        }

        @Override
        public String description() {
            return "a whole number of %s from %d to %d".formatted(unit, minimum, maximum);
        }
    }

    /**
     * Any text without control characters.
     *
     * @param maximumLength in characters
     */
    record Text(int maximumLength) implements OptionType {
        @Override
        public Optional<JsonNode> read(String text) {
            boolean valid = !text.isEmpty()
                    && text.length() <= maximumLength
                    && text.codePoints().noneMatch(Character::isISOControl);
            return valid ? Optional.of(TextNode.valueOf(text)) : Optional.empty();
        }

        @Override
        public String description() {
            return "1 to %d characters, none of them a control character".formatted(maximumLength);
        }
    }
}
