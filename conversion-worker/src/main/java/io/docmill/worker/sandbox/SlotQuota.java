package io.docmill.worker.sandbox;

/**
 * How much may lie in a slot's directory: the profile, the document, all that is made of it, and the log.
 *
 * @param bytes of all files together; positive
 * @param files files and directories together; positive
 */
public record SlotQuota(long bytes, int files) {

    /** 1 GiB in 10,000 files: an output as large as the file limit, twice, beside its document; a fresh slot has some 100. */
    public static final SlotQuota DEFAULT = new SlotQuota(1L << 30, 10_000);

    public SlotQuota {
        if (bytes <= 0 || files <= 0) {
            throw new IllegalArgumentException("A quota is positive, not " + bytes + " bytes and " + files + " files");
        }
    }

    /** The same number of files in at most so many bytes. */
    public SlotQuota atMost(long limitBytes) {
        return limitBytes < bytes ? new SlotQuota(limitBytes, files) : this;
    }

    /** Whether so much is more than allowed. */
    public boolean isPassedBy(SlotUsage usage) {
        return usage.bytes() > bytes || usage.files() > files;
    }
}
