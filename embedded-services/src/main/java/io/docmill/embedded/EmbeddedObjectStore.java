package io.docmill.embedded;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An S3 store on a folder, inside this process, on a port of 127.0.0.1: path style, Signature Version 4. Buckets are made through
 * S3 by the caller.
 *
 * <p>An object is on the disk before its PUT is answered and is never seen half written, also after {@code kill -9}. Keys are
 * paths: none may be a path prefix of another, nor end in or repeat a slash. User metadata have at most 2 KB. There are no uploads
 * in parts, no copies, versions, tags, lifecycle rules and no public objects.
 *
 * <p>A folder serves one process at a time. Safe for use by several threads; {@link #close()} may be called twice.
 */
public final class EmbeddedObjectStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedObjectStore.class);

    /** Any region would do: it is part of what a client signs and means nothing here. */
    private static final String REGION = "us-east-1";

    /** How long {@link #close()} waits for transfers that run. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final S3Proxy server;
    private final String endpoint;
    private final StoreDirectory directory;
    private final ObjectStoreCredentials credentials;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedObjectStore(
            S3Proxy server, String endpoint, StoreDirectory directory, ObjectStoreCredentials credentials) {
        this.server = server;
        this.endpoint = endpoint;
        this.directory = directory;
        this.credentials = credentials;
    }

    /**
     * Starts a store on a free port with the folder's own credentials: random ones, made at the first start and kept in the folder.
     *
     * @param directory made if absent; its objects are served if it has any
     * @throws IllegalStateException if the folder is in use by another process or unfit for objects
     */
    public static EmbeddedObjectStore start(Path directory) {
        return start(directory, 0);
    }

    /**
     * Starts a store on a given port with the folder's own credentials.
     *
     * @param directory made if absent; its objects are served if it has any
     * @param port 1 to 65535, or 0 for a free one
     * @throws IllegalStateException if the folder is in use by another process or unfit for objects, or the port is taken
     */
    public static EmbeddedObjectStore start(Path directory, int port) {
        try {
            StoreDirectory taken = StoreDirectory.open(directory);
            return serve(taken, port, null, () -> ObjectStoreCredentials.keptIn(taken.credentials()));
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /**
     * Starts a store on a given port with given credentials.
     *
     * @param directory made if absent; its objects are served if it has any
     * @param port 1 to 65535, or 0 for a free one
     * @throws IllegalStateException if the folder is in use by another process or unfit for objects, or the port is taken
     */
    public static EmbeddedObjectStore start(Path directory, int port, ObjectStoreCredentials credentials) {
        try {
            return serve(StoreDirectory.open(directory), port, null, () -> credentials);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    /**
     * As {@link #start(Path, int, ObjectStoreCredentials)}, by HTTPS alone.
     *
     * @param tls has the server's certificate
     */
    public static EmbeddedObjectStore start(
            Path directory, int port, ObjectStoreCredentials credentials, SSLContext tls) {
        try {
            return serve(StoreDirectory.open(directory), port, tls, () -> credentials);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private static EmbeddedObjectStore serve(
            StoreDirectory directory, int port, @Nullable SSLContext tls, CredentialsSource source) throws IOException {
        long begin = System.nanoTime();
        try {
            ObjectStoreCredentials credentials = source.credentials();
            S3Proxy.Builder builder = S3Proxy.builder();
            if (tls == null) {
                builder.endpoint(URI.create("http://" + LoopbackPort.HOST + ":" + port));
            } else {
                builder.secureEndpoint(URI.create("https://" + LoopbackPort.HOST + ":" + port))
                        .sslContext(tls);
            }
            S3Proxy server = builder.blobStore(new DurableBlobStore(directory))
                    .awsAuthentication(AuthenticationType.AWS_V4, credentials.accessKey(), credentials.secretKey())
                    .ignoreUnknownHeaders(true)
                    .stopTimeout(STOP_LIMIT.toMillis())
                    .build();
            server.start();
            String endpoint = tls == null
                    ? "http://" + LoopbackPort.HOST + ":" + server.getPort()
                    : "https://" + LoopbackPort.HOST + ":" + server.getSecurePort();
            log.info(
                    "The object store listens on {}, its objects are in {} (started in {} ms).",
                    endpoint,
                    directory.buckets(),
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            return new EmbeddedObjectStore(server, endpoint, directory, credentials);
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        } catch (Exception e) {
            directory.close();
            throw new IOException(e);
        }
    }

    private static IllegalStateException failed(Path directory, IOException cause) {
        return new IllegalStateException(
                "The object store can't start on " + directory.toAbsolutePath() + ": " + cause.getMessage(), cause);
    }

    /** Where clients connect: {@code http://127.0.0.1:<port>}, or {@code https:}. */
    public String endpoint() {
        return endpoint;
    }

    /** The access key id that requests are signed with. */
    public String accessKey() {
        return credentials.accessKey();
    }

    /** The secret key that requests are signed with. */
    public String secretKey() {
        return credentials.secretKey();
    }

    /** The region to sign for. */
    public String region() {
        return REGION;
    }

    /** Ends the store once the transfers that run are done, after 5 s by force. Its objects stay. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The object store did not stop cleanly: " + e.getMessage(), e);
        } finally {
            directory.close();
        }
    }

    private interface CredentialsSource {
        ObjectStoreCredentials credentials() throws IOException;
    }
}
