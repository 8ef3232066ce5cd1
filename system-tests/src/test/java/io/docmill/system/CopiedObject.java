package io.docmill.system;

/**
 * An object as any S3 client copies it.
 *
 * @param record the value of {@code x-amz-meta-docmill}; empty where there is none
 * @param content in base64
 */
record CopiedObject(String key, String contentType, String record, String content) {}
