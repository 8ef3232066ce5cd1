package io.docmill.model.cache;

import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;

/**
 * The keys of Redis. What belongs to one source has one hash tag ({@code {…}}), so that a cluster keeps it in one slot
 * and a script may touch it together.
 */
public final class RedisKeys {
    private RedisKeys() {}

    /**
     * Hash of a source: {@link #SOURCE_FIELD}, {@link #COMPLETE_FIELD}, a field for each conversion, named by its hash, and
     * {@link #openedField}. Expires after 1 h.
     */
    public static String document(ScopeId scope, SourceId source) {
        return "doc:" + tag(scope, source);
    }

    /** The field of {@link #document} that holds the source's own record. */
    public static final String SOURCE_FIELD = "source";

    /** The field of {@link #document} that is there where the hash was made with its source: then it has a trace of each attempt. */
    public static final String COMPLETE_FIELD = "complete";

    /** The field of {@link #document} that is there once an attempt at a conversion was opened, where the hash is complete. */
    public static String openedField(ConversionId conversion) {
        return conversion.hash() + ":opened";
    }

    /** Set when a source is deleted, so that nothing fills {@link #document} again. Expires after 15 min. */
    public static String gone(ScopeId scope, SourceId source) {
        return "gone:" + tag(scope, source);
    }

    /** Who publishes a conversion's job. Expires after 10 s while claimed, 10 min once published. */
    public static String lease(ScopeId scope, ConversionId conversion) {
        return "lease:" + tag(scope, conversion.source()) + ":" + conversion.hash();
    }

    /** The attempt that a worker is running. Expires after 30 s. */
    public static String mark(ScopeId scope, ConversionId conversion) {
        return "mark:" + tag(scope, conversion.source()) + ":" + conversion.hash();
    }

    /** The record of the API key with this SHA-256. Expires after 5 min, revoked after 10. */
    public static String apiKey(String sha256) {
        return "key:" + sha256;
    }

    private static String tag(ScopeId scope, SourceId source) {
        return "{" + scope + "/" + source + "}";
    }
}
