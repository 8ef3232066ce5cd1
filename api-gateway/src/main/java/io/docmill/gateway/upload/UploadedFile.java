package io.docmill.gateway.upload;

import java.nio.file.Path;

/**
 * A file that a caller sent, as it lies on disk.
 *
 * @param content where it lies; it stays its owner's
 * @param name as the caller gave it; not to be trusted
 * @param sha256 of the content, in lower-case hexadecimal digits
 */
public record UploadedFile(Path content, String name, String sha256) {}
