package io.docmill.launcher;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where a server is to listen.
 *
 * @param host a name or an address; an IPv6 address without brackets
 * @param port 0 to 65535, 0 for any free one
 */
record ListenAddress(String host, int port) {
    ListenAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + port);
        }
    }

    /**
     * Makes sure that it can be listened on, before anything is started that would have to be ended again.
     *
     * @throws IllegalStateException if it can't; the message says what to do
     */
    void requireFree(String portOption) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new IllegalStateException(
                    "port %d of %s can't be listened on (%s): stop what listens there, or choose another with %s, or another address with --host"
                            .formatted(port, host, e.getMessage(), portOption),
                    e);
        }
    }

    /**
     * The URL by which this machine reaches the server.
     *
     * @param actualPort the port that it got
     */
    String url(int actualPort) {
        String reachable = switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
        // RFC 3986, section 3.2.2: an IPv6 address stands in brackets.
        return "http://%s:%d".formatted(reachable.contains(":") ? "[" + reachable + "]" : reachable, actualPort);
    }
}
