package io.docmill.worker.forkserver;

import io.docmill.worker.sandbox.SlotDirectory;
import java.util.Optional;

/**
 * A conversion and where it is done.
 *
 * @param slot what the child may write
 * @param keep whether the child stays for a job after this one
 * @param after the child of an earlier job that stayed, if it is to do this one; it is confined to the same slot already
 */
public record ChildJob(OfficeConversion conversion, SlotDirectory slot, boolean keep, Optional<ForkedChild> after) {}
