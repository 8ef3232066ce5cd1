package io.docmill.gateway.http.form;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A form that was read whole.
 *
 * @param fields its text fields, each given once
 * @param file its file, or null if none was expected
 */
public record Form(Map<String, String> fields, @Nullable SpooledFile file) {
    public Form {
        fields = Map.copyOf(fields);
    }
}
