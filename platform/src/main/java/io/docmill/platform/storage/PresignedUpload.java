package io.docmill.platform.storage;

import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MinioClient;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Writes a file as one object in one PUT. By a presigned request, because then the body is neither hashed nor held: the
 * client's own call reads the file twice, and s3proxy takes no signed body over 128 MB.
 */
final class PresignedUpload {
    private static final int PRECONDITION_FAILED = 412;

    /** The condition that there is no object yet. */
    static final Map<String, String> IF_ABSENT = Map.of("If-None-Match", "*");

    /** Within it a PUT has to begin; how long it takes does not matter. */
    private static final int VALIDITY_SECONDS = 15 * 60;

    /** How much of a refusal goes into the message of an exception, in bytes. */
    private static final long MOST_TOLD = 500;

    private final MinioClient client;
    private final OkHttpClient httpClient;
    private final String bucket;

    PresignedUpload(MinioClient client, OkHttpClient httpClient, String bucket) {
        this.client = client;
        this.httpClient = httpClient;
        this.bucket = bucket;
    }

    /**
     * Writes the object.
     *
     * @param metadata headers that are part of the object
     * @param condition {@link #IF_ABSENT}, or nothing
     * @return false if the condition does not hold
     * @throws UncheckedIOException if the file can't be read
     */
    boolean put(
            String key, Path file, String contentType, Map<String, String> metadata, Map<String, String> condition) {
        requireReadable(file);
        Request request = new Request.Builder()
                .url(url(key, metadata))
                .headers(Headers.of(metadata)
                        .newBuilder()
                        .addAll(Headers.of(condition))
                        .build())
                .put(RequestBody.create(file.toFile(), MediaType.parse(contentType)))
                .build();
        try (Response answer = httpClient.newCall(request).execute()) {
            if (answer.code() == PRECONDITION_FAILED && !condition.isEmpty()) {
                return false;
            }
            if (!answer.isSuccessful()) {
                throw new StorageUnavailableException(
                        "Object storage did not write %s: %d %s"
                                .formatted(
                                        key,
                                        answer.code(),
                                        answer.peekBody(MOST_TOLD).string()),
                        null);
            }
            return true;
        } catch (IOException e) {
            throw StorageUnavailableException.after("write", key, e);
        }
    }

    private static void requireReadable(Path file) {
        try {
            Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String url(String key, Map<String, String> metadata) {
        try {
            return client.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(Http.Method.PUT)
                    .bucket(bucket)
                    .object(key)
                    .expiry(VALIDITY_SECONDS)
                    // What is part of the object has to be part of the signature (S3's rule for x-amz headers).
                    .extraHeaders(metadata)
                    .build());
        } catch (MinioException e) {
            throw new IllegalStateException("presigning makes no call and can't fail", e);
        }
    }
}
