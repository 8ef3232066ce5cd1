package io.docmill.inspection;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.zip.CRC32;

/** Counts and checksums what is read through it, and fails once that is more than the limit, or its thread is interrupted. */
final class MeasuredStream extends FilterInputStream {
    private static final int SKIP_BUFFER = 8192;

    private final long limit;
    private final CRC32 crc = new CRC32();
    private long count;

    MeasuredStream(InputStream in, long limit) {
        super(in);
        this.limit = limit;
    }

    /** How many bytes were read so far. */
    long count() {
        return count;
    }

    /** The CRC-32 of the bytes read so far. */
    long crc() {
        return crc.getValue();
    }

    /** Whether reading failed because of the limit. */
    boolean isExceeded() {
        return count > limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("the check was given up");
        }
        int read = in.read(target, offset, length);
        if (read > 0) {
            count += read;
            crc.update(target, offset, read);
        }
        if (isExceeded()) {
            throw new IOException("more than " + limit + " bytes");
        }
        return read;
    }

    @Override
    public long skip(long length) throws IOException {
        byte[] skipped = new byte[Math.clamp(length, 0, SKIP_BUFFER)];
        return Math.max(read(skipped, 0, skipped.length), 0);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
