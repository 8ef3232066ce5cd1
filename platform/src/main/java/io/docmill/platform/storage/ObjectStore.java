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
import io.minio.UploadObjectArgs;
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
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of an S3 server, of which only what every such server does well is used: single PUTs, GET, HEAD, LIST, DELETE
 * and presigned GETs. All methods block and may be called from any thread, virtual ones preferably.
 */
public final class ObjectStore implements AutoCloseable {
    private static final String METADATA_HEADER = "x-amz-meta-" + RecordCodec.METADATA_NAME;

    /** The smallest part that S3 takes; what fits into one part is a single PUT. */
    private static final long SMALLEST_PART = 5L * 1024 * 1024;

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

    /**
     * Makes the bucket if it does not exist.
     *
     * @throws StorageUnavailableException if the server can't be reached or refuses
     */
    public void ensureBucket() {
        try {
            reach("look for bucket", bucket, () -> {
                if (!client.bucketExists(
                        BucketExistsArgs.builder().bucket(bucket).build())) {
                    client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
                }
                return true;
            });
        } catch (ErrorResponseException e) {
            if (!"BucketAlreadyOwnedByYou".equals(e.errorResponse().code())) {
                throw unavailable("make bucket", bucket, e);
            }
        } catch (MinioException e) {
            throw unavailable("look for bucket", bucket, e);
        }
    }

    /** Looks at an object; empty if there is none. */
    public Optional<ObjectHead> head(String key) {
        try {
            var head = reach(
                    "look at",
                    key,
                    () -> client.statObject(
                            StatObjectArgs.builder().bucket(bucket).object(key).build()));
            return Optional.of(new ObjectHead(
                    key, head.size(), head.etag(), head.userMetadata().getFirst(RecordCodec.METADATA_NAME)));
        } catch (ErrorResponseException e) {
            if (isMissing(e)) {
                return Optional.empty();
            }
            throw unavailable("look at", key, e);
        } catch (MinioException e) {
            throw unavailable("look at", key, e);
        }
    }

    /** Writes a file as one object in one PUT, replacing what is there. */
    public void put(String key, Path file, String contentType, String record) {
        try {
            long partSize = Math.max(SMALLEST_PART, Files.size(file));
            reach(
                    "write",
                    key,
                    () -> client.uploadObject(UploadObjectArgs.builder()
                            .bucket(bucket)
                            .object(key)
                            .filename(file.toString(), partSize)
                            .contentType(contentType)
                            .extraHeaders(Map.of(METADATA_HEADER, record))
                            .build()));
        } catch (MinioException e) {
            throw unavailable("write", key, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        try {
            reach(
                    "write",
                    key,
                    () -> client.putObject(PutObjectArgs.builder()
                            .bucket(bucket)
                            .object(key)
                            .data(content, content.length)
                            .contentType(contentType)
                            .extraHeaders(headers)
                            .build()));
        } catch (MinioException e) {
            throw unavailable("write", key, e);
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
        try {
            return Optional.of(reach("read", arguments.object(), () -> client.getObject(arguments)));
        } catch (ErrorResponseException e) {
            if (isMissing(e)) {
                return Optional.empty();
            }
            throw unavailable("read", arguments.object(), e);
        } catch (MinioException e) {
            throw unavailable("read", arguments.object(), e);
        }
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

    private Iterable<Item> items(ListObjectsArgs arguments) {
        Iterable<Result<Item>> results = client.listObjects(arguments);
        return () -> {
            var iterator = results.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return iterator.hasNext();
                }

                @Override
                public Item next() {
                    try {
                        return reach(
                                "list",
                                arguments.bucket(),
                                () -> iterator.next().get());
                    } catch (MinioException e) {
                        throw unavailable("list", arguments.bucket(), e);
                    }
                }
            };
        };
    }

    /** Deletes an object; nothing happens if there is none. */
    public void delete(String key) {
        try {
            reach("delete", key, () -> {
                client.removeObject(
                        RemoveObjectArgs.builder().bucket(bucket).object(key).build());
                return true;
            });
        } catch (ErrorResponseException e) {
            if (!isMissing(e)) {
                throw unavailable("delete", key, e);
            }
        } catch (MinioException e) {
            throw unavailable("delete", key, e);
        }
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

    private interface Call<T> {
        T run() throws MinioException;
    }

    /** A server that can't be reached is no MinioException to this client: it comes as an IllegalStateException. */
    private static <T> T reach(String verb, String key, Call<T> call) throws MinioException {
        try {
            return call.run();
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof IOException) {
                throw unavailable(verb, key, e);
            }
            throw e;
        }
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
