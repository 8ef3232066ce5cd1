package io.docmill.inspection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * A channel that gives up once more bytes were read than a directory of the permitted size needs. Commons Compress reads
 * a zip's whole directory into objects before it can be asked how large it is: millions of entries would be as many
 * objects. Confined to one thread.
 */
final class DirectoryBudget implements SeekableByteChannel {
    // The end of a directory is searched backwards through a comment of up to 64 KiB, four bytes at each place.
    private static final long SEARCH = 4 * 66_000L;
    // An entry takes 46 bytes and its name, and seldom much more.
    private static final long ENTRY = 256;

    private final SeekableByteChannel channel;
    private long left;
    private boolean exhausted;

    DirectoryBudget(SeekableByteChannel channel, int entries) {
        this.channel = channel;
        this.left = SEARCH + ENTRY * entries;
    }

    /** From now on any number of bytes may be read. */
    void lift() {
        left = Long.MAX_VALUE;
    }

    /** Whether reading stopped for want of budget. */
    boolean isExhausted() {
        return exhausted;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (left <= 0) {
            exhausted = true;
            throw new IOException("the zip's directory is too large");
        }
        int read = channel.read(target);
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new UnsupportedOperationException("read only");
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        channel.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new UnsupportedOperationException("read only");
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
