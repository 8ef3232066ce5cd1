package io.docmill.testing.services;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1 that stay free while their server is away. They are below the range from which Linux takes the ports of
 * outgoing connections (32768 and up, ip(7)): from there a client that tries a dead server again and again may be given the
 * server's own port, and be connected with itself.
 */
public final class TestPort {
    private static final int FIRST = 20_000;
    private static final int END = 32_000;
    private static final int TRIES = 100;

    private TestPort() {}

    /**
     * A port that nobody listens on now. By chance, so that builds that run side by side do not take each other's.
     *
     * @throws IllegalStateException if there is none
     */
    public static int choose() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + END);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
