package io.docmill.embedded;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.messages.Item;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** The bucket {@code test} of a store, as its clients see it. */
final class StoreClient {

    static final String BUCKET = "test";

    private final MinioClient client;

    StoreClient(EmbeddedObjectStore store) throws Exception {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(100);
        dispatcher.setMaxRequestsPerHost(100);
        client = MinioClient.builder()
                .endpoint(store.endpoint())
                .region(store.region())
                .credentials(store.accessKey(), store.secretKey())
                .httpClient(new OkHttpClient.Builder()
                        .protocols(List.of(Protocol.HTTP_1_1))
                        .socketFactory(new NoDelay())
                        .dispatcher(dispatcher)
                        .readTimeout(30, TimeUnit.SECONDS)
                        .build())
                .build();
        if (!client.bucketExists(BucketExistsArgs.builder().bucket(BUCKET).build())) {
            client.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
        }
    }

    MinioClient minio() {
        return client;
    }

    void put(String key, byte[] bytes) throws Exception {
        put(key, bytes, Map.of(), Map.of());
    }

    void put(String key, byte[] bytes, Map<String, String> metadata, Map<String, String> headers) throws Exception {
        client.putObject(
                PutObjectArgs.builder().bucket(BUCKET).object(key).userMetadata(metadata).headers(headers).stream(
                                new ByteArrayInputStream(bytes), (long) bytes.length, 5L << 30)
                        .build());
    }

    byte[] get(String key) throws Exception {
        try (InputStream object = client.getObject(
                GetObjectArgs.builder().bucket(BUCKET).object(key).build())) {
            return object.readAllBytes();
        }
    }

    StatObjectResponse stat(String key) throws Exception {
        return client.statObject(
                StatObjectArgs.builder().bucket(BUCKET).object(key).build());
    }

    void remove(String key) throws Exception {
        client.removeObject(
                RemoveObjectArgs.builder().bucket(BUCKET).object(key).build());
    }

    /** All keys, in the order of the answers, fetched in pages of {@code pageSize}. */
    List<String> list(String prefix, boolean recursive, int pageSize, String startAfter) throws Exception {
        List<String> keys = new ArrayList<>();
        for (var item : client.listObjects(ListObjectsArgs.builder()
                .bucket(BUCKET)
                .prefix(prefix)
                .recursive(recursive)
                .maxKeys(pageSize)
                .startAfter(startAfter)
                .build())) {
            Item found = item.get();
            keys.add(found.objectName());
        }
        return keys;
    }

    List<String> list(String prefix) throws Exception {
        return list(prefix, true, 1000, "");
    }

    /** Nagle's algorithm and delayed acknowledgements would cost 40 ms on each larger PUT. */
    private static final class NoDelay extends SocketFactory {

        @Override
        public Socket createSocket() throws java.io.IOException {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("OkHttp connects by itself");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            throw new UnsupportedOperationException("OkHttp connects by itself");
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            throw new UnsupportedOperationException("OkHttp connects by itself");
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            throw new UnsupportedOperationException("OkHttp connects by itself");
        }
    }
}
