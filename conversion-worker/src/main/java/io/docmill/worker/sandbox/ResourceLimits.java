package io.docmill.worker.sandbox;

import java.util.List;

/**
 * Limits that the kernel puts on each process of a sandbox, through util-linux's {@code prlimit}.
 *
 * @param addressSpaceBytes RLIMIT_AS: address space, which is some times the resident memory
 * @param fileBytes RLIMIT_FSIZE: the largest file that can be written
 * @param openFiles RLIMIT_NOFILE
 */
public record ResourceLimits(long addressSpaceBytes, long fileBytes, int openFiles) {

    /** 4 GiB of address space, files of 512 MiB, 1,024 open files. */
    public static final ResourceLimits DEFAULT = new ResourceLimits(4L << 30, 512L << 20, 1_024);

    /** The same with another address space. */
    public ResourceLimits withAddressSpaceBytes(long bytes) {
        return new ResourceLimits(bytes, fileBytes, openFiles);
    }

    /** The same with another largest file. */
    public ResourceLimits withFileBytes(long bytes) {
        return new ResourceLimits(addressSpaceBytes, bytes, openFiles);
    }

    /** The command that sets these limits, and no core dumps, and then becomes what follows it. */
    List<String> command(String prlimit) {
        return List.of(
                prlimit,
                "--as=" + addressSpaceBytes,
                "--fsize=" + fileBytes,
                "--nofile=" + openFiles,
                "--core=0",
                "--");
    }
}
