package io.docmill.worker.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Adds up what it is shown, until that is more than a quota. */
final class UsageCount extends SimpleFileVisitor<Path> {

    private final SlotQuota quota;
    private long bytes;
    private int files;
    private long largestFileBytes;

    UsageCount(SlotQuota quota) {
        this.quota = quota;
    }

    SlotUsage usage() {
        return new SlotUsage(bytes, files, largestFileBytes);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        return add(0);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        return add(attributes.size());
    }

    private FileVisitResult add(long size) {
        files++;
        bytes += size;
        largestFileBytes = Math.max(largestFileBytes, size);
        return quota.isPassedBy(usage()) ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    /** Removed between two looks, or out of reach. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
        return FileVisitResult.CONTINUE;
    }
}
