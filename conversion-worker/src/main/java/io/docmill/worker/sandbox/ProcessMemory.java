package io.docmill.worker.sandbox;

/**
 * Memory of a program's processes at one moment, all from one look at each.
 *
 * @param residentBytes what they hold now
 * @param peakResidentBytes the sum of each one's own peak since {@link ConfinedProcess#forgetPeak()}; at least the true peak of
 *     the sum
 * @param peakVirtualBytes the largest address space that one of them ever had; unlike the peak of resident memory it can't be
 *     reset
 */
public record ProcessMemory(long residentBytes, long peakResidentBytes, long peakVirtualBytes) {

    /** That of what is gone. */
    public static final ProcessMemory NONE = new ProcessMemory(0, 0, 0);

    /** What one process holds, without its descendants; nothing if it is gone. */
    public static ProcessMemory of(long pid) {
        return ProcessTree.memory(pid);
    }

    ProcessMemory plus(ProcessMemory other) {
        return new ProcessMemory(
                residentBytes + other.residentBytes,
                peakResidentBytes + other.peakResidentBytes,
                Math.max(peakVirtualBytes, other.peakVirtualBytes));
    }
}
