package com.sun.star.lib.connections.websocket;

import com.sun.star.connection.XConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A stream of bytes over a Unix socket. UNO reads from one thread and writes from others, one at a time; what is written is
 * sent at {@link #flush()}.
 */
final class UnixSocketConnection implements XConnection {

    private static final int BUFFER_BYTES = 64 << 10;

    private final String description;
    private final SocketChannel channel;
    private final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

    UnixSocketConnection(String description, SocketChannel channel) {
        this.description = description;
        this.channel = channel;
    }

    @Override
    public int read(byte[][] bytes, int length) throws com.sun.star.io.IOException {
        var content = new byte[length];
        int filled = 0;
        try {
            while (filled < length) {
                if (!received.hasRemaining()) {
                    receive();
                }
                int count = Math.min(length - filled, received.remaining());
                received.get(content, filled, count);
                filled += count;
            }
        } catch (IOException e) {
            throw failure(e);
        }
        bytes[0] = content;
        return length;
    }

    private void receive() throws IOException {
        received.clear();
        int count = channel.read(received);
        received.flip();
        if (count < 0) {
            throw new IOException("The other side closed the connection");
        }
    }

    @Override
    public void write(byte[] bytes) {
        synchronized (unsent) {
            unsent.writeBytes(bytes);
        }
    }

    @Override
    public void flush() throws com.sun.star.io.IOException {
        synchronized (unsent) {
            var bytes = ByteBuffer.wrap(unsent.toByteArray());
            unsent.reset();
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException e) {
                throw failure(e);
            }
        }
    }

    @Override
    public void close() throws com.sun.star.io.IOException {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public String getDescription() {
        return description;
    }

    private com.sun.star.io.IOException failure(IOException e) {
        return new com.sun.star.io.IOException(description + ": " + e.getMessage());
    }
}
