package io.docmill.platform.storage;

import io.docmill.platform.config.StorageSettings;
import io.docmill.platform.tls.TrustedAuthorities;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MinioAsyncClient;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of an S3 server, of which only what every such server does well is used: single PUTs, GET, HEAD, LIST, DELETE
 * and presigned GETs. All methods block and may be called from any thread, virtual ones preferably.
 */
public final class ObjectStore implements AutoCloseable {
    /** Where a list may end soon: a store of one machine takes 0.6 s for a page of 1000, which may be read in vain. */
    private static final int SMALL_PAGE = 100;

    private final OkHttpClient httpClient;
    /** Its calls end when the caller is interrupted, which those of {@code client} do not. */
    private final MinioAsyncClient calls;

    private final MinioClient client;
    private final @Nullable MinioClient publicClient;
    private final BucketCreation bucketCreation;
    private final PresignedRequests presigned;
    private final StoreClock clock = new StoreClock();
    private final String bucket;

    public ObjectStore(StorageSettings settings) {
        httpClient = StorageHttpClient.create(
                clock,
                settings.trustedCertificates()
                        .map(TrustedAuthorities::besidesJavas)
                        .orElse(null));
        calls = MinioAsyncClient.builder()
                .endpoint(settings.endpoint().toString())
                .region(settings.region())
                .credentials(settings.accessKey().value(), settings.secretKey().value())
                .httpClient(httpClient)
                .build();
        client = client(settings.endpoint(), settings, httpClient);
        publicClient = settings.publicEndpoint()
                .map(endpoint -> client(endpoint, settings, httpClient))
                .orElse(null);
        bucket = settings.bucket();
        bucketCreation = new BucketCreation(client, httpClient, settings);
        presigned = new PresignedRequests(client, httpClient, bucket);
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
        T run() throws MinioException, IOException;
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
            throw StorageUnavailableException.after(verb, key, e);
        } catch (MinioException | IOException e) {
            throw StorageUnavailableException.after(verb, key, e);
        } catch (IllegalStateException e) {
            // So the client tells that the connection was refused or broke, or that the store's certificate was not
            // taken.
            switch (e.getCause()) {
                case IOException cause -> throw StorageUnavailableException.after(verb, key, cause);
                case GeneralSecurityException cause -> throw StorageUnavailableException.after(verb, key, cause);
                case null, default -> throw e;
            }
        }
    }

    /** Waits for a call; an interrupt ends it. */
    private static <T> T await(CompletableFuture<T> answer) throws MinioException, IOException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new StorageUnavailableException("interrupted while waiting for object storage", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case MinioException cause -> throw cause;
                case IOException cause -> throw cause;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /**
     * Makes the bucket if it does not exist.
     *
     * @throws StorageUnavailableException if the server can't be reached or refuses
     */
    public void ensureBucket() {
        var _ = call("make bucket", bucket, () -> {
            bucketCreation.ensure();
            return bucket;
        });
    }

    /** Looks at an object; empty if there is none. */
    public Optional<ObjectHead> head(String key) {
        return call("look at", key, () -> await(presigned.head(key))).flatMap(found -> found);
    }

    /**
     * Writes a file as one object in one PUT, replacing what is there.
     *
     * @throws UncheckedIOException if the file can't be read
     */
    public void put(String key, Path file, String contentType, String record) {
        var _ = presigned.put(key, file, contentType, Map.of(PresignedRequests.METADATA_HEADER, record), Map.of());
    }

    /**
     * Writes a file as one object in one PUT, unless there is an object with this key. Of several that do so at once, one
     * creates the object.
     *
     * <p>False does not say that another one wrote it: where the answer to a PUT is lost, the next attempt, which may be
     * one that the HTTP client makes by itself, finds the object of the first. A caller to whom that makes a difference
     * reads the object and compares.
     *
     * @return whether this call created the object
     * @throws UncheckedIOException if the file can't be read
     */
    public boolean putIfAbsent(String key, Path file, String contentType, String record) {
        return presigned.put(
                key, file, contentType, Map.of(PresignedRequests.METADATA_HEADER, record), PresignedRequests.IF_ABSENT);
    }

    /** Writes a small object, replacing what is there. */
    public void put(String key, byte[] content, String contentType, String record) {
        putBytes(key, content, contentType, Map.of(PresignedRequests.METADATA_HEADER, record));
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
        if (call("write", key, () -> await(calls.putObject(arguments))).isEmpty()) {
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
        return call("read", arguments.object(), () -> await(calls.getObject(arguments)));
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

    /**
     * Some keys below a prefix, in order.
     *
     * @param after the key after which to begin, or null for the first
     * @param limit how many at most
     */
    public List<String> keysAfter(String prefix, @Nullable String after, int limit) {
        ListObjectsArgs.Builder arguments = ListObjectsArgs.builder()
                .bucket(bucket)
                .prefix(prefix)
                .recursive(true)
                .maxKeys(Math.min(limit, 1000));
        if (after != null) {
            arguments.startAfter(after);
        }
        List<String> keys = new ArrayList<>();
        for (Item item : items(arguments.build())) {
            if (keys.size() == limit) {
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
            await(calls.removeObject(arguments).thenApply(_ -> key));
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

    /**
     * How far the clock of this machine is ahead of the store's, negative where it is behind, by the store's last answer to
     * any call. It is the least that this answer allows: zero where the time that the answer took, and the seconds that
     * its {@code Date} is exact to, explain what is seen. Signed requests and presigned URLs are refused when the clocks
     * are some minutes apart: S3 allows 15, and none of them may be dated far ahead.
     *
     * @return empty as long as the store has not answered, or where its answers have no date
     */
    public Optional<Duration> clockDifference() {
        return clock.difference();
    }

    /**
     * Shows {@link #clockDifference()} in metrics, for as long as this lives; no number where it is empty.
     *
     * @param component who asks, {@code gateway} or {@code worker}: on one machine both report to one registry
     */
    public void watchClock(MeterRegistry metrics, String component) {
        TimeGauge.builder("docmill.clock.difference", this, TimeUnit.MILLISECONDS, ObjectStore::millisAhead)
                .description("How far the clock of this machine is ahead of object storage's, at least")
                .tag("component", component)
                .register(metrics);
    }

    private double millisAhead() {
        return clockDifference().map(Duration::toMillis).map(Long::doubleValue).orElse(Double.NaN);
    }

    @Override
    public void close() {
        httpClient.dispatcher().executorService().shutdown();
        httpClient.connectionPool().evictAll();
    }
}
