package io.docmill.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Ports of 127.0.0.1, for servers that can't be given port 0 and asked for the port they got. Between finding a port and using it
 * another process may take it, so whoever uses {@link #find()} tries again with another one.
 */
final class LoopbackPort {

    static final String HOST = "127.0.0.1";

    private LoopbackPort() {}

    /** A port that nobody listens on at this moment, from the system's ephemeral range. */
    static int find() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on " + HOST, e);
        }
    }

    /** Whether a server could listen on {@code port} now. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(address(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static InetAddress address() {
        return InetAddress.ofLiteral(HOST);
    }
}
