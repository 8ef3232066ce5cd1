package io.docmill.platform.storage;

import io.docmill.platform.tls.TrustedAuthorities;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client under the MinIO client. As shipped that one waits 40 ms on each PUT of 20 kB and more (Nagle's
 * algorithm against delayed acknowledgement), lets 5 requests a host be under way, and gives up after 5 minutes.
 */
final class StorageHttpClient {
    private static final int CONCURRENT_REQUESTS = 512;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SILENCE_TIMEOUT = Duration.ofSeconds(30);

    private StorageHttpClient() {}

    /**
     * A client for one store.
     *
     * @param clock is shown every answer
     * @param trusted the authorities of its certificate, or null for Java's own
     */
    static OkHttpClient create(StoreClock clock, @Nullable TrustedAuthorities trusted) {
        Dispatcher dispatcher = new Dispatcher(new CallingThreads());
        dispatcher.setMaxRequests(CONCURRENT_REQUESTS);
        dispatcher.setMaxRequestsPerHost(CONCURRENT_REQUESTS);
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        if (trusted != null) {
            trust(builder, trusted);
        }
        return builder.protocols(List.of(Protocol.HTTP_1_1))
                .socketFactory(new NoDelaySocketFactory())
                .dispatcher(dispatcher)
                .addInterceptor(new PassingRefusals())
                .addInterceptor(clock)
                .connectionPool(new ConnectionPool(64, 1, TimeUnit.MINUTES))
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(SILENCE_TIMEOUT)
                .writeTimeout(SILENCE_TIMEOUT)
                .build();
    }

    private static void trust(OkHttpClient.Builder builder, TrustedAuthorities trusted) {
        X509TrustManager manager = trusted.trustManager();
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            builder.sslSocketFactory(context.getSocketFactory(), manager);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is part of every Java platform", e);
        }
    }

    /**
     * Runs a call on the virtual thread that makes it and waits for it anyway: handing it to another one and back takes as much
     * processor time again as signing it. An interrupt ends it there too, which it does not on a platform thread.
     */
    private static final class CallingThreads extends AbstractExecutorService {
        private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();

        @Override
        public void execute(Runnable call) {
            if (Thread.currentThread().isVirtual()) {
                call.run();
            } else {
                others.execute(call);
            }
        }

        @Override
        public void shutdown() {
            others.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return others.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return others.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return others.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return others.awaitTermination(timeout, unit);
        }
    }

    /** Sends small packets at once. */
    private static final class NoDelaySocketFactory extends SocketFactory {
        private final SocketFactory plain = SocketFactory.getDefault();

        private static Socket withoutDelay(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket() throws IOException {
            return withoutDelay(plain.createSocket());
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return withoutDelay(plain.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
            return withoutDelay(plain.createSocket(host, port, localHost, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return withoutDelay(plain.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
                throws IOException {
            return withoutDelay(plain.createSocket(address, port, localAddress, localPort));
        }
    }
}
