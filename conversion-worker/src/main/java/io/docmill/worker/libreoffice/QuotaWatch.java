package io.docmill.worker.libreoffice;

import io.docmill.worker.sandbox.SlotDirectory;
import io.docmill.worker.sandbox.SlotQuota;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what one run makes of its slot's directory, at most a twentieth of the time: a look takes a millisecond for the files of
 * an ordinary document and some 50 for 10,000.
 */
final class QuotaWatch {

    private static final Logger log = LoggerFactory.getLogger(QuotaWatch.class);
    private static final int PAUSE_PER_LOOK = 20;

    /** What fails to be written where less than this is free is blamed on the disk. */
    private static final long LEAST_ROOM_BYTES = 2L << 20;

    private final SlotDirectory slot;
    private final SlotQuota quota;
    private long nextLook = System.nanoTime();
    private volatile boolean diskWasFull;

    QuotaWatch(SlotDirectory slot, SlotQuota quota) {
        this.slot = slot;
        this.quota = quota;
    }

    /** Whether the slot holds more than allowed; false also while it is not the time to look. For one thread. */
    boolean isPassed() {
        long began = System.nanoTime();
        if (began - nextLook < 0) {
            return false;
        }
        try {
            diskWasFull |= isFull(slot.root());
            return quota.isPassedBy(slot.usage(quota));
        } catch (IOException e) {
            log.debug("A slot's files could not be counted", e);
            return false;
        } finally {
            long end = System.nanoTime();
            // The look itself may have been slow because much lies there.
            nextLook = end + (end - began) * PAUSE_PER_LOOK;
        }
    }

    /** Whether nothing more could be written there, now or at any look before; by any thread. */
    boolean diskWasFull() throws IOException {
        return diskWasFull || isFull(slot.root());
    }

    private static boolean isFull(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace() < LEAST_ROOM_BYTES;
    }
}
