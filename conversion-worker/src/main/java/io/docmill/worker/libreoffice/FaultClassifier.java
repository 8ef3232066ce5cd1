package io.docmill.worker.libreoffice;

import io.docmill.worker.sandbox.ResourceLimits;
import io.docmill.worker.sandbox.SlotDirectory;
import io.docmill.worker.sandbox.SlotQuota;
import io.docmill.worker.sandbox.SlotUsage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what was at the bottom of a run that brought nothing although nobody stopped it: LibreOffice shows a limit of the kernel as
 * a crash, or as a document that does not open or can't be written. Stateless.
 */
final class FaultClassifier {

    /** What was found. */
    enum Fault {
        /** A file grew to the largest size, or the slot past its quota. */
        OUTPUT,
        /** The disk is full, and this slot did not fill it. */
        NO_ROOM,
        /** The address space was used up. */
        MEMORY,
        /** The kernel ended the process for its processor time, and the document had its share of it. */
        TIME,
        /** None of these: it is what it looks like. */
        NONE
    }

    // signal(7), the same on x86 and arm.
    private static final int SIGXCPU = 24;
    private static final int SIGXFSZ = 25;

    /** An address space that grew into the last eighth of what is allowed had no room for what it wanted next. */
    private static final int LAST_PART = 8;

    private static final Logger log = LoggerFactory.getLogger(FaultClassifier.class);
    private static final int LOG_TAIL_BYTES = 64 << 10;

    /** What the C++ library and LibreOffice print when memory is refused. */
    private static final List<String> OUT_OF_MEMORY =
            List.of("bad_alloc", "Cannot allocate memory", "out of memory", "Out of memory");

    private final ResourceLimits limits;
    private final SlotQuota quota;

    FaultClassifier(ResourceLimits limits, SlotQuota quota) {
        this.limits = limits;
        this.quota = quota;
    }

    /**
     * Looks at what the run left; called before that is removed.
     *
     * @param lost whether a process was lost, and how it ended is worth a moment's wait
     * @param logBegin how long the slot's log was when the run began
     * @param timeLimit of the document
     */
    Fault classify(Office office, boolean lost, RunMeter meter, QuotaWatch files, long logBegin, Duration timeLimit)
            throws IOException {
        var slot = office.slot();
        int signal = lost ? office.endSignal().orElse(0) : 0;
        log.debug("After a run that brought nothing: signal {}, {}", signal, meter);
        if (signal == SIGXFSZ || isPastFileLimits(slot.usage(quota))) {
            return Fault.OUTPUT;
        }
        if (files.diskWasFull()) {
            return Fault.NO_ROOM;
        }
        if (signal == SIGXCPU) {
            // A document that had less was unlucky with its process, and gets a fresh one.
            return meter.usage().processor().compareTo(timeLimit) >= 0 ? Fault.TIME : Fault.NONE;
        }
        return isOutOfAddressSpace(meter) || saysOutOfMemory(slot, logBegin) ? Fault.MEMORY : Fault.NONE;
    }

    private boolean isPastFileLimits(SlotUsage usage) {
        return usage.largestFileBytes() >= limits.fileBytes() || quota.isPassedBy(usage);
    }

    /** Whether the address space grew so far that what the document wants next may be refused; then LibreOffice may also hang. */
    boolean isOutOfAddressSpace(RunMeter meter) {
        return meter.virtualBytesGrewTo(limits.addressSpaceBytes() / LAST_PART * (LAST_PART - 1));
    }

    private static boolean saysOutOfMemory(SlotDirectory slot, long logBegin) throws IOException {
        if (slot.logLength() == 0) {
            return false;
        }
        String said = tail(slot.log(), logBegin);
        return OUT_OF_MEMORY.stream().anyMatch(said::contains);
    }

    private static String tail(Path log, long begin) throws IOException {
        try (var channel = Files.newByteChannel(log)) {
            channel.position(Math.max(begin, channel.size() - LOG_TAIL_BYTES));
            var buffer = ByteBuffer.allocate(LOG_TAIL_BYTES);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Reads until the buffer is full or the file ends.
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
        }
    }
}
