package io.docmill.platform.storage;

import io.docmill.model.record.RecordCodec;
import io.docmill.platform.config.StorageSettings;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of an S3 server, of which only what every such server does well is used: single PUTs, GET, HEAD, LIST, DELETE
 * and presigned GETs. All methods block and may be called from any thread, virtual ones preferably.
 */
public final class ObjectStore implements AutoCloseable {
    private static final String METADATA_HEADER = "x-amz-meta-" + RecordCodec.METADATA_NAME;

    /** Within it a PUT has to begin; how long it takes does not matter. */
    private static final int PUT_VALIDITY_SECONDS = 15 * 60;

    /** Where a list may end soon: a store of one machine takes 0.6 s for a page of 1000, which may be read in vain. */
    private static final int SMALL_PAGE = 100;

    /** How much of a refusal goes into the message of an exception, in bytes. */
    private static final long MOST_TOLD = 500;

    private final OkHttpClient httpClient;
    private final MinioClient client;
    private final @Nullable MinioClient publicClient;
    private final String bucket;

    public ObjectStore(StorageSettings settings) {
        httpClient = StorageHttpClient.create();
        client = client(settings.endpoint(), settings, httpClient);
        publicClient = settings.publicEndpoint()
                .map(endpoint -> client(endpoint, settings, httpClient))
                .orElse(null);
        bucket = settings.bucket();
    }

    private static MinioClient client(URI endpoint, StorageSettings settings, OkHttpClient httpClient) {
        return MinioClient.builder()
                .endpoint(endpoint.toString())
                // Without a region the first call asks the server for it, and throws when the server is down.
                .region(settings.region())
                .credentials(settings.accessKey().value(), settings.secretKey().value())
                .httpClient(httpClient)
                .build();
    }

    /** A call of the client. */
    @FunctionalInterface
    private interface Call<T> {
        T run() throws MinioException;
    }

    /**
     * Makes a call.
     *
     * @return its answer; empty if the object does not exist
     */
    private static <T> Optional<T> call(String verb, String key, Call<T> call) {
        try {
            return Optional.of(call.run());
        } catch (ErrorResponseException e) {
            if (isMissing(e)) {
                return Optional.empty();
            }
            throw unavailable(verb, key, e);
        } catch (MinioException e) {
            throw unavailable(verb, key, e);
        } catch (IllegalStateException e) {
            // So the client tells that the connection was refused or broke.
            if (e.getCause() instanceof IOException cause) {
                throw unavailable(verb, key, cause);
            }
            throw e;
        }
    }

    /**
     * Makes the bucket if it does not exist.
     *
     * @throws StorageUnavailableException if the server can't be reached or refuses
     */
    public void ensureBucket() {
        var exists = BucketExistsArgs.builder().bucket(bucket).build();
        var _ = call("look for bucket", bucket, () -> {
            if (!client.bucketExists(exists)) {
                makeBucket();
            }
            return bucket;
        });
    }

    private void makeBucket() throws MinioException {
        try {
            client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        } catch (ErrorResponseException e) {
            if (!"BucketAlreadyOwnedByYou".equals(e.errorResponse().code())) {
                throw e;
            }
        }
    }

    /** Looks at an object; empty if there is none. */
    public Optional<ObjectHead> head(String key) {
        var arguments = StatObjectArgs.builder().bucket(bucket).object(key).build();
        return call("look at", key, () -> client.statObject(arguments))
                .map(head -> new ObjectHead(
                        key, head.size(), head.etag(), head.userMetadata().getFirst(RecordCodec.METADATA_NAME)));
    }

    /**
     * Writes a file as one object in one PUT, replacing what is there. By a presigned request, because then the body is
     * neither hashed nor held: the client's own call reads the file twice, and s3proxy takes no signed body over 128 MB.
     *
     * @throws UncheckedIOException if the file can't be read
     */
    public void put(String key, Path file, String contentType, String record) {
        requireReadable(file);
        Request request = new Request.Builder()
                .url(presignedPut(key, record))
                .header(METADATA_HEADER, record)
                .put(RequestBody.create(file.toFile(), MediaType.parse(contentType)))
                .build();
        try (Response response = httpClient.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new StorageUnavailableException(
                        "Object storage did not write %s: %d %s"
                                .formatted(
                                        key,
                                        response.code(),
                                        response.peekBody(MOST_TOLD).string()),
                        null);
            }
        } catch (IOException e) {
            throw unavailable("write", key, e);
        }
    }

    private static void requireReadable(Path file) {
        try {
            Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String presignedPut(String key, String record) {
        try {
            return client.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(Http.Method.PUT)
                    .bucket(bucket)
                    .object(key)
                    .expiry(PUT_VALIDITY_SECONDS)
                    // What is part of the record has to be part of the signature (S3's rule for x-amz headers).
                    .extraHeaders(Map.of(METADATA_HEADER, record))
                    .build());
        } catch (MinioException e) {
            throw new IllegalStateException("presigning makes no call and can't fail", e);
        }
    }

    /** Writes a small object, replacing what is there. */
    public void put(String key, byte[] content, String contentType, String record) {
        putBytes(key, content, contentType, Map.of(METADATA_HEADER, record));
    }

    /** Writes a small object that has no record of its own. */
    public void put(String key, byte[] content, String contentType) {
        putBytes(key, content, contentType, Map.of());
    }

    private void putBytes(String key, byte[] content, String contentType, Map<String, String> headers) {
        var arguments = PutObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .data(content, content.length)
                .contentType(contentType)
                .extraHeaders(headers)
                .build();
        if (call("write", key, () -> client.putObject(arguments)).isEmpty()) {
            throw new StorageUnavailableException("Object storage did not write %s: not found".formatted(key), null);
        }
    }

    /** Opens an object; empty if there is none. The caller closes the stream. */
    public Optional<InputStream> open(String key) {
        return get(GetObjectArgs.builder().bucket(bucket).object(key).build());
    }

    /**
     * Opens a part of an object; empty if there is no such object. The caller closes the stream.
     *
     * @param offset of the first byte
     * @param length how many bytes, at least one
     */
    public Optional<InputStream> open(String key, long offset, long length) {
        return get(GetObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .offset(offset)
                .length(length)
                .build());
    }

    private Optional<InputStream> get(GetObjectArgs arguments) {
        return call("read", arguments.object(), () -> client.getObject(arguments));
    }

    /**
     * The names of the folders directly below a prefix, in order.
     *
     * @param prefix ends in a slash
     * @param after the name of a folder after which to begin, or null for the first
     * @param limit how many at most
     */
    public List<String> folders(String prefix, @Nullable String after, int limit) {
        ListObjectsArgs.Builder arguments = ListObjectsArgs.builder()
                .bucket(bucket)
                .prefix(prefix)
                .delimiter("/")
                .maxKeys(Math.min(limit + 1, 1000));
        if (after != null) {
            // '0' follows '/', so this sorts after everything in that folder and before the next one.
            arguments.startAfter(prefix + after + '0');
        }
        List<String> names = new ArrayList<>();
        for (Item item : items(arguments.build())) {
            if (names.size() == limit) {
                break;
            }
            String name = item.objectName().substring(prefix.length());
            if (item.isDir() && name.endsWith("/")) {
                names.add(name.substring(0, name.length() - 1));
            }
        }
        return names;
    }

    /** The keys of all objects below a prefix. */
    public List<String> keys(String prefix) {
        List<String> keys = new ArrayList<>();
        for (Item item : items(ListObjectsArgs.builder()
                .bucket(bucket)
                .prefix(prefix)
                .recursive(true)
                .build())) {
            keys.add(item.objectName());
        }
        return keys;
    }

    /**
     * The first keys below a prefix, in order. What is read past them is a small page at most, however many follow.
     *
     * @param end where to stop: only keys that sort before it
     * @param limit how many at most
     */
    public List<String> keysBefore(String prefix, String end, int limit) {
        List<String> keys = new ArrayList<>();
        for (Item item : items(ListObjectsArgs.builder()
                .bucket(bucket)
                .prefix(prefix)
                .recursive(true)
                .maxKeys(Math.min(limit, SMALL_PAGE))
                .build())) {
            if (keys.size() == limit || item.objectName().compareTo(end) >= 0) {
                break;
            }
            keys.add(item.objectName());
        }
        return keys;
    }

    private Iterable<Item> items(ListObjectsArgs arguments) {
        String prefix = arguments.prefix();
        Iterable<Result<Item>> results = client.listObjects(arguments);
        return () -> {
            var iterator = results.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return call("list", prefix, iterator::hasNext).orElse(false);
                }

                @Override
                public Item next() {
                    return call("list", prefix, () -> iterator.next().get())
                            .orElseThrow(() -> new StorageUnavailableException(
                                    "Object storage did not list %s: not found".formatted(prefix), null));
                }
            };
        };
    }

    /** Deletes an object; nothing happens if there is none. */
    public void delete(String key) {
        var arguments = RemoveObjectArgs.builder().bucket(bucket).object(key).build();
        var _ = call("delete", key, () -> {
            client.removeObject(arguments);
            return key;
        });
    }

    /** Whether callers reach the store themselves, so that downloads are presigned for it. */
    public boolean presigns() {
        return publicClient != null;
    }

    /**
     * A URL by which anyone can download an object for a while, without a call to the server.
     *
     * @param contentDisposition what the answer's header says
     * @param contentType what the answer's header says
     * @param validity at most 7 days (a limit of S3)
     * @throws IllegalStateException if no public endpoint is set
     */
    public String presign(String key, String contentDisposition, String contentType, Duration validity) {
        if (publicClient == null) {
            throw new IllegalStateException("storage.public-endpoint is not set");
        }
        try {
            return publicClient.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(Http.Method.GET)
                    .bucket(bucket)
                    .object(key)
                    .expiry(Math.toIntExact(validity.toSeconds()))
                    .extraQueryParams(Map.of(
                            "response-content-disposition", contentDisposition, "response-content-type", contentType))
                    .build());
        } catch (MinioException e) {
            throw new IllegalStateException("presigning makes no call and can't fail", e);
        }
    }

    private static boolean isMissing(ErrorResponseException e) {
        return e.response().code() == 404
                && !"NoSuchBucket".equals(e.errorResponse().code());
    }

    private static StorageUnavailableException unavailable(String verb, String key, Exception e) {
        return new StorageUnavailableException(
                "Object storage did not %s %s: %s".formatted(verb, key, e.getMessage()), e);
    }

    @Override
    public void close() {
        httpClient.dispatcher().executorService().shutdown();
        httpClient.connectionPool().evictAll();
    }
}
