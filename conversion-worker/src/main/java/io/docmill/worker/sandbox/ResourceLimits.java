package io.docmill.worker.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Limits that the kernel puts on each process of a sandbox, through util-linux's {@code prlimit}; see setrlimit(2). They stand
 * behind the watch that measures each document, for what goes wrong between two looks or while nobody looks.
 *
 * @param addressSpaceBytes RLIMIT_AS: address space, which is some times the resident memory
 * @param fileBytes RLIMIT_FSIZE: the largest file that can be written
 * @param openFiles RLIMIT_NOFILE
 * @param processorTime RLIMIT_CPU, whole seconds of all threads of one process over its whole life, so of all documents that
 *     a LibreOffice converts
 * @param processes RLIMIT_NPROC: processes and threads. The kernel counts them by user and user namespace, so it is set only
 *     where a slot has one of the two to itself; elsewhere it would count the threads of the worker
 */
public record ResourceLimits(
        long addressSpaceBytes, long fileBytes, int openFiles, Duration processorTime, int processes) {

    /** 4 GiB of address space, files of 512 MiB, 1,024 open files, 600 seconds of processor time, 256 processes and threads. */
    public static final ResourceLimits DEFAULT =
            new ResourceLimits(4L << 30, 512L << 20, 1_024, Duration.ofMinutes(10), 256);

    public ResourceLimits {
        if (processorTime.toSeconds() < 1 || processes < 1 || openFiles < 1) {
            throw new IllegalArgumentException("Limits under which nothing can run");
        }
    }

    /** The same with another address space. */
    public ResourceLimits withAddressSpaceBytes(long bytes) {
        return new ResourceLimits(bytes, fileBytes, openFiles, processorTime, processes);
    }

    /** The same with another largest file. */
    public ResourceLimits withFileBytes(long bytes) {
        return new ResourceLimits(addressSpaceBytes, bytes, openFiles, processorTime, processes);
    }

    /**
     * The command that sets these limits, and no core dumps, and then becomes what follows it.
     *
     * @param ownCount whether the kernel counts the processes of the slot alone
     */
    List<String> command(String prlimit, boolean ownCount) {
        var line = new ArrayList<String>();
        line.add(prlimit);
        byName(ownCount).forEach((name, value) -> line.add("--" + name + "=" + value));
        line.add("--");
        return line;
    }

    /**
     * The limits by the names that prlimit(1) has for them, no core dumps among them.
     *
     * @param ownCount whether the kernel counts the processes of the slot alone
     */
    Map<String, Long> byName(boolean ownCount) {
        var limits = new LinkedHashMap<String, Long>();
        limits.put("as", addressSpaceBytes);
        limits.put("fsize", fileBytes);
        limits.put("nofile", (long) openFiles);
        limits.put("cpu", processorTime.toSeconds());
        limits.put("core", 0L);
        if (ownCount) {
            limits.put("nproc", (long) processes);
        }
        return limits;
    }
}
