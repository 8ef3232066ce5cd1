package io.docmill.model.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.model.document.DocumentFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that a valid request says of a conversion beside its source.
 *
 * @param format what to convert to
 * @param options the canonical options
 * @param timeout how long it may run, 5 to 300 s
 * @param refresh whether to convert although there is an artifact or a remembered failure
 * @param password what opens the source, or null
 */
public record ConversionParameters(
        DocumentFormat format,
        ConversionOptions options,
        Duration timeout,
        boolean refresh,
        @Nullable String password) {

    /** What became of reading a request's options. */
    public sealed interface Reading {
        /** All options are valid for the pair. */
        record Valid(ConversionParameters parameters) implements Reading {}

        /** Some are not; each violation is a sentence that names the field and what it takes. */
        record Invalid(List<String> violations) implements Reading {
            public Invalid {
                violations = List.copyOf(violations);
            }
        }
    }

    /** Reads the options of a request for this pair. Unknown fields, and fields that mean nothing for the pair, are violations. */
    public static Reading read(DocumentFormat source, DocumentFormat target, Map<String, String> fields) {
        List<String> violations = new ArrayList<>();
        Map<ConversionOption, JsonNode> values = new EnumMap<>(ConversionOption.class);
        fields.forEach((field, text) -> ConversionOption.named(field)
                .filter(option -> option.appliesTo(source, target))
                .ifPresentOrElse(
                        option -> option.type()
                                .read(text)
                                .ifPresentOrElse(
                                        value -> values.put(option, value), () -> violations.add(malformed(option))),
                        () -> violations.add(unknown(field, source, target))));
        return violations.isEmpty() ? new Reading.Valid(of(target, values)) : new Reading.Invalid(violations);
    }

    /**
     * Reads the options of a request whose source is not known yet, so that its conversion can be looked up; empty if they
     * can't be valid for any source. Says nothing of whether they are valid for the source that it turns out to be.
     */
    public static Optional<ConversionParameters> parse(DocumentFormat target, Map<String, String> fields) {
        Map<ConversionOption, JsonNode> values = new EnumMap<>(ConversionOption.class);
        fields.forEach((field, text) -> ConversionOption.named(field)
                .ifPresent(option -> option.type().read(text).ifPresent(value -> values.put(option, value))));
        return values.size() == fields.size() ? Optional.of(of(target, values)) : Optional.empty();
    }

    private static String malformed(ConversionOption option) {
        return "'%s' takes %s.".formatted(option.field(), option.type().description());
    }

    private static ConversionParameters of(DocumentFormat target, Map<ConversionOption, JsonNode> values) {
        TreeMap<String, JsonNode> canonical = new TreeMap<>();
        values.forEach((option, value) -> {
            if (option.effect() == ConversionOption.Effect.OUTPUT && !value.equals(option.defaultValue())) {
                canonical.put(option.field(), value);
            }
        });
        JsonNode password = values.get(ConversionOption.PASSWORD);
        return new ConversionParameters(
                target,
                new ConversionOptions(canonical),
                Duration.ofSeconds(orDefault(values, ConversionOption.TIMEOUT).asInt()),
                orDefault(values, ConversionOption.REFRESH).asBoolean(),
                password == null ? null : password.asText());
    }

    private static JsonNode orDefault(Map<ConversionOption, JsonNode> values, ConversionOption option) {
        JsonNode value = values.getOrDefault(option, option.defaultValue());
        if (value == null) {
            throw new IllegalStateException(option + " has no default");
        }
        return value;
    }

    private static String unknown(String field, DocumentFormat source, DocumentFormat target) {
        String options = ConversionOption.of(source, target).stream()
                .map(ConversionOption::field)
                .collect(Collectors.joining(", "));
        return "'%s' is not an option of %s to %s; the options are: %s."
                .formatted(field, source.extension(), target.extension(), options);
    }

    /** Never prints the password. */
    @Override
    public String toString() {
        return "ConversionParameters[format=%s, options=%s, timeout=%s, refresh=%s, password=%s]"
                .formatted(format, options.values(), timeout, refresh, password == null ? "none" : "[hidden]");
    }
}
