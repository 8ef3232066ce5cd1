package io.docmill.platform.storage;

import org.jspecify.annotations.Nullable;

/**
 * What a look at an object tells.
 *
 * @param key its key
 * @param size in bytes
 * @param etag the store's own tag of this content, without quotes
 * @param record the header in which Docmill keeps its record, or null if someone else put the object
 */
public record ObjectHead(
        String key, long size, String etag, @Nullable String record) {}
