package com.sun.star.lib.connections.websocket;

import com.sun.star.connection.ConnectionSetupException;
import com.sun.star.connection.NoConnectException;
import com.sun.star.connection.XConnection;
import com.sun.star.connection.XConnector;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Connects UNO to a Unix socket, which is what LibreOffice calls a pipe. The description is {@code websocket,url=} and the
 * socket's path in base64url, since descriptions know no slashes and few other characters.
 */
public final class websocketConnector implements XConnector {

    private static final String PREFIX = "websocket,url=";

    /** What to give JODConverter as the "web socket URL" of a Unix socket. */
    public static String url(UnixDomainSocketAddress address) {
        byte[] path = address.getPath().toString().getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(path);
    }

    @Override
    public XConnection connect(String description) throws NoConnectException, ConnectionSetupException {
        if (!description.startsWith(PREFIX)) {
            throw new ConnectionSetupException("Not a description of a Unix socket: " + description);
        }
        byte[] path = Base64.getUrlDecoder().decode(description.substring(PREFIX.length()));
        var address = UnixDomainSocketAddress.of(new String(path, StandardCharsets.UTF_8));
        try {
            return new UnixSocketConnection(description, SocketChannel.open(address));
        } catch (IOException e) {
            throw new NoConnectException(address + ": " + e.getMessage());
        }
    }
}
