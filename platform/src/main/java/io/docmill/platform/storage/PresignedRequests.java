package io.docmill.platform.storage;

import io.docmill.model.record.RecordCodec;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.MinioClient;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Headers;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Requests that are presigned and then made past the MinIO client. A PUT, because so its body is neither hashed nor held: the
 * client's own call reads the file twice, and s3proxy takes no signed body over 128 MB. A HEAD, because it is what is asked most,
 * and often for what is not there, which the client tells by an exception that takes more time than the request.
 */
final class PresignedRequests {
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    static final String METADATA_HEADER = "x-amz-meta-" + RecordCodec.METADATA_NAME;

    /** The condition that there is no object yet. */
    static final Map<String, String> IF_ABSENT = Map.of("If-None-Match", "*");

    /** Within it a request has to begin; how long it takes does not matter. */
    private static final int VALIDITY_SECONDS = 15 * 60;

    /** How much of a refusal goes into the message of an exception, in bytes. */
    private static final long MOST_TOLD = 500;

    private final MinioClient client;
    private final OkHttpClient httpClient;
    private final String bucket;

    PresignedRequests(MinioClient client, OkHttpClient httpClient, String bucket) {
        this.client = client;
        this.httpClient = httpClient;
        this.bucket = bucket;
    }

    /** Looks at an object; empty if there is none. Fails with an {@link IOException}. Cancelling the future ends the request. */
    CompletableFuture<Optional<ObjectHead>> head(String key) {
        CompletableFuture<Optional<ObjectHead>> head = new CompletableFuture<>();
        Call call = httpClient.newCall(new Request.Builder()
                .url(url(Http.Method.HEAD, key, Map.of()))
                .head()
                .build());
        call.enqueue(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                try (response) {
                    head.complete(headOf(key, response));
                } catch (IOException e) {
                    head.completeExceptionally(e);
                }
            }

            @Override
            public void onFailure(Call call, IOException e) {
                head.completeExceptionally(e);
            }
        });
        return head.whenComplete((_, _) -> {
            if (head.isCancelled()) {
                call.cancel();
            }
        });
    }

    private static Optional<ObjectHead> headOf(String key, Response response) throws IOException {
        if (response.code() == NOT_FOUND) {
            return Optional.empty();
        }
        if (!response.isSuccessful()) {
            throw new IOException("it answered %d %s".formatted(response.code(), response.message()));
        }
        return Optional.of(new ObjectHead(
                key,
                Long.parseLong(header(response, "Content-Length")),
                header(response, "ETag").replace("\"", ""),
                response.header(METADATA_HEADER)));
    }

    private static String header(Response response, String name) throws IOException {
        String value = response.header(name);
        if (value == null) {
            throw new IOException("its answer has no header " + name);
        }
        return value;
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
                .url(url(Http.Method.PUT, key, metadata))
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

    private String url(Http.Method method, String key, Map<String, String> metadata) {
        try {
            return client.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(method)
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
