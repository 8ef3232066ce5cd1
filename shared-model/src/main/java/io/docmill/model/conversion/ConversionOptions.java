package io.docmill.model.conversion;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.SourceId;
import io.docmill.model.json.Json;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The canonical options of a conversion: sorted by name, those that equal their default left out. Part of the
 * conversion's identity, so their form can't change.
 *
 * @param values by field name; only options whose effect is on the output
 */
public record ConversionOptions(@JsonValue SortedMap<String, JsonNode> values) {
    /** No option but defaults. */
    public static final ConversionOptions DEFAULT = new ConversionOptions(new TreeMap<>());

    public ConversionOptions {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    @JsonCreator
    static ConversionOptions ofJson(Map<String, JsonNode> values) {
        return new ConversionOptions(new TreeMap<>(values));
    }

    /** Whether a flag is set, by the caller or by default. */
    public boolean isSet(ConversionOption option) {
        JsonNode value = values.getOrDefault(option.field(), option.defaultValue());
        return value != null && value.asBoolean();
    }

    /**
     * The id of the conversion of a source to a format with these options.
     *
     * @param passwordHash the keyed hash of the password that came with the request, or null if none came
     */
    public ConversionId conversionOf(SourceId source, DocumentFormat format, @Nullable String passwordHash) {
        ObjectNode options = Json.mapper().createObjectNode();
        SortedMap<String, JsonNode> identity = new TreeMap<>(values);
        if (passwordHash != null) {
            identity.put(
                    ConversionOption.PASSWORD.field(),
                    Json.mapper().getNodeFactory().textNode(passwordHash));
        }
        identity.forEach(options::set);
        ObjectNode request = Json.mapper().createObjectNode();
        request.put("format", format.extension());
        request.set("options", options);
        return ConversionId.of(source, Json.text(request));
    }
}
