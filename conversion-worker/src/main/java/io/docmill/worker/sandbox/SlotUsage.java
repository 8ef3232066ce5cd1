package io.docmill.worker.sandbox;

/**
 * What lies in a slot's directory.
 *
 * @param bytes of all files together, as long as they say they are
 * @param files files and directories
 * @param largestFileBytes of the largest file
 */
public record SlotUsage(long bytes, int files, long largestFileBytes) {}
