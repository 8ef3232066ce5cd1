package io.docmill.embedded;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;

/**
 * A key that is a path below its bucket's folder, one to one. S3 allows more: keys that end in or repeat a slash, or hold a segment
 * {@code .} or {@code ..}, would share a file with another key or leave the folder, and are refused.
 *
 * @param value the key as S3 has it
 */
record ObjectKey(String value) {

    /** S3's limit, in bytes of UTF-8. */
    private static final int LENGTH_LIMIT = 1024;

    /** What Linux file systems allow for one name, in bytes. */
    private static final int SEGMENT_LIMIT = 255;

    private static final Pattern SLASH = Pattern.compile("/");

    /** Answers 400 for a key that can't be a path. */
    ObjectKey {
        if (bytes(value) > LENGTH_LIMIT || value.indexOf('\0') >= 0) {
            throw refused("keys have at most " + LENGTH_LIMIT + " bytes and no NUL");
        }
        for (String segment : SLASH.split(value, -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                throw refused("no segment of a key may be empty, '.' or '..'");
            }
            if (bytes(segment) > SEGMENT_LIMIT) {
                throw refused("a segment of a key has at most " + SEGMENT_LIMIT + " bytes");
            }
        }
    }

    Path in(Path bucket) {
        return bucket.resolve(value);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static S3ProxyException refused(String rule) {
        return new S3ProxyException(S3ErrorCode.INVALID_ARGUMENT, "This store keeps objects as files: " + rule + ".");
    }
}
