package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineUsage;
import io.docmill.worker.sandbox.MeasuredProcess;
import io.docmill.worker.sandbox.ProcessMemory;
import java.time.Duration;

/** Adds up what the processes of one run use. Safe for use by the run and by who watches it. */
final class RunMeter {

    private final int number;
    private final long began = System.nanoTime();
    private Duration load = Duration.ZERO;
    private Duration export = Duration.ZERO;
    private Duration endedProcessesTime = Duration.ZERO;
    private Duration currentBaseline = Duration.ZERO;
    private Duration currentTime = Duration.ZERO;
    private long peakResidentBytes;
    private long virtualBaseline;
    private long peakVirtualBytes;

    /** @param number of the process that the run was given */
    RunMeter(int number) {
        this.number = number;
    }

    /** From now on the run's work is done by this process. */
    synchronized void begin(MeasuredProcess process) {
        process.forgetPeak();
        currentBaseline = process.processorTime();
        currentTime = currentBaseline;
        virtualBaseline = process.memory().peakVirtualBytes();
        peakVirtualBytes = virtualBaseline;
    }

    /** Looks at the process and tells what memory it holds; what is gone counts nothing. */
    long sample(MeasuredProcess process) {
        return look(process).residentBytes();
    }

    private ProcessMemory look(MeasuredProcess process) {
        var memory = process.memory();
        var time = process.processorTime();
        synchronized (this) {
            peakResidentBytes = Math.max(peakResidentBytes, memory.residentBytes());
            currentTime = later(time, currentTime);
            peakVirtualBytes = Math.max(peakVirtualBytes, memory.peakVirtualBytes());
        }
        return memory;
    }

    /** The process does no more for the run. */
    void end(MeasuredProcess process) {
        long peak = look(process).peakResidentBytes();
        synchronized (this) {
            peakResidentBytes = Math.max(peakResidentBytes, peak);
            endedProcessesTime = endedProcessesTime.plus(currentTime.minus(currentBaseline));
            currentBaseline = currentTime;
        }
    }

    /** LibreOffice has opened the document and written it, or failed at either. */
    synchronized void convertedIn(Duration load, Duration export) {
        this.load = this.load.plus(load);
        this.export = this.export.plus(export);
    }

    /** Whether the address space of the process that worked last was seen to grow to so much while it worked. */
    synchronized boolean virtualBytesGrewTo(long bytes) {
        return peakVirtualBytes > virtualBaseline && peakVirtualBytes >= bytes;
    }

    synchronized EngineUsage usage() {
        return new EngineUsage(
                Duration.ofNanos(System.nanoTime() - began),
                endedProcessesTime,
                peakResidentBytes,
                load,
                export,
                number);
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
