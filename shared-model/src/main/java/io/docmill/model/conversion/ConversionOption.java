package io.docmill.model.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.docmill.model.document.DocumentFormat;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may say of a conversion beside its format: the one typed table from which requests are validated, the
 * formats are documented and plans are made. An option's default never changes: an option that is absent from stored
 * records means the default of this table for ever.
 */
// Every constant is built from immutable nodes and never written to; Error Prone can't see that of Jackson's types.
@SuppressWarnings("ImmutableEnumChecker")
public enum ConversionOption {
    TAGGED(
            "tagged",
            Effect.OUTPUT,
            new OptionType.Flag(),
            BooleanNode.FALSE,
            EnumSet.of(DocumentFormat.PDF),
            "Write a tagged PDF, for screen readers. Costs up to four times the time and twenty times the size."),
    PASSWORD(
            "password",
            Effect.SECRET,
            new OptionType.Text(255),
            null,
            EnumSet.allOf(DocumentFormat.class),
            "The password that opens an encrypted source. Never stored or logged."),
    TIMEOUT(
            "timeout",
            Effect.EXECUTION,
            new OptionType.WholeNumber(5, 300, "seconds"),
            IntNode.valueOf(60),
            EnumSet.allOf(DocumentFormat.class),
            "How long the conversion may run."),
    REFRESH(
            "refresh",
            Effect.EXECUTION,
            new OptionType.Flag(),
            BooleanNode.FALSE,
            EnumSet.allOf(DocumentFormat.class),
            "Convert anew although there is an artifact or a remembered failure.");

    /** What an option has an effect on, which decides whether it is part of the conversion's identity. */
    public enum Effect {
        /** On the artifact: part of the identity, stored and shown. */
        OUTPUT,
        /** On who may have the artifact: part of the identity through a keyed hash only, never stored or shown. */
        SECRET,
        /** On how the conversion is run: not part of the identity. */
        EXECUTION
    }

    private final String field;
    private final Effect effect;
    private final OptionType type;
    private final @Nullable JsonNode defaultValue;
    private final Set<DocumentFormat> targets;
    private final String description;

    ConversionOption(
            String field,
            Effect effect,
            OptionType type,
            @Nullable JsonNode defaultValue,
            Set<DocumentFormat> targets,
            String description) {
        this.field = field;
        this.effect = effect;
        this.type = type;
        this.defaultValue = defaultValue;
        this.targets = targets;
        this.description = description;
    }

    /** Its name in forms, queries and JSON. */
    public String field() {
        return field;
    }

    public Effect effect() {
        return effect;
    }

    public OptionType type() {
        return type;
    }

    /** What holds when it is absent; null if there is nothing then. */
    public @Nullable JsonNode defaultValue() {
        return defaultValue;
    }

    /** What it does, for the caller. */
    public String description() {
        return description;
    }

    /** Whether it means something for this pair. */
    public boolean appliesTo(DocumentFormat source, DocumentFormat target) {
        return targets.contains(target) && !ConversionTable.targets(source).isEmpty();
    }

    /** The options that mean something for this pair. */
    public static List<ConversionOption> of(DocumentFormat source, DocumentFormat target) {
        return Arrays.stream(values())
                .filter(option -> option.appliesTo(source, target))
                .toList();
    }

    /** The option with this field name; empty if there is none. */
    public static Optional<ConversionOption> named(String field) {
        return Arrays.stream(values())
                .filter(option -> option.field.equals(field))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
