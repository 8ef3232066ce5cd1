package io.docmill.gateway.http.form;

import java.nio.file.Path;

/**
 * An uploaded file on disk.
 *
 * @param path where it lies until {@link UploadSpool#release} is called
 * @param name as the caller gave it; not to be trusted
 * @param size in bytes
 * @param sha256 of the content, in lower-case hexadecimal digits
 */
public record SpooledFile(Path path, String name, long size, String sha256) {}
