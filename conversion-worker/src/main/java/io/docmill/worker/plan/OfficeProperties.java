package io.docmill.worker.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Named properties in the order in which they were added. Immutable. */
public record OfficeProperties(Map<String, OfficeValue> values) {

    public static final OfficeProperties NONE = new OfficeProperties(Map.of());

    public OfficeProperties {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** These properties and one more, which replaces one of the same name. */
    public OfficeProperties with(String name, OfficeValue value) {
        var extended = new LinkedHashMap<>(values);
        extended.put(name, value);
        return new OfficeProperties(extended);
    }

    /** See {@link #with(String, OfficeValue)}. */
    public OfficeProperties with(String name, String value) {
        return with(name, new OfficeValue.Text(value));
    }

    /** See {@link #with(String, OfficeValue)}. */
    public OfficeProperties with(String name, boolean value) {
        return with(name, new OfficeValue.Flag(value));
    }

    /** See {@link #with(String, OfficeValue)}. */
    public OfficeProperties with(String name, int value) {
        return with(name, new OfficeValue.Whole(value));
    }

    /** See {@link #with(String, OfficeValue)}. */
    public OfficeProperties with(String name, OfficeProperties value) {
        return with(name, new OfficeValue.Group(value));
    }
}
