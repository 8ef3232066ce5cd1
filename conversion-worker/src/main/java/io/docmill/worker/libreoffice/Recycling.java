package io.docmill.worker.libreoffice;

import io.docmill.worker.sandbox.ResourceLimits;
import java.time.Duration;

/**
 * When a LibreOffice that had no fault is replaced all the same. Each only once a spare is warm.
 *
 * @param documents after so many documents, from 1
 * @param residentMarkBytes when it holds more than this between two documents
 * @param processorMark when it used more processor time than this: the kernel's limit is one of the process, and the next
 *     document shall have a good part of it left
 * @param perTenant whenever the next document is of another tenant than those that it had
 */
public record Recycling(int documents, long residentMarkBytes, Duration processorMark, boolean perTenant) {

    /** After 500 documents, past 700 MiB, or past half of the processor time that the kernel allows; tenants share. */
    public static final Recycling WORN = new Recycling(
            500, 700L << 20, ResourceLimits.DEFAULT.processorTime().dividedBy(2), false);

    public Recycling {
        if (documents < 1) {
            throw new IllegalArgumentException(
                    "A process takes at least 1 document before it is replaced, not " + documents);
        }
    }

    /** The same after another number of documents. */
    public Recycling after(int number) {
        return new Recycling(number, residentMarkBytes, processorMark, perTenant);
    }

    /** The same, but no process serves two tenants. */
    public Recycling apart() {
        return new Recycling(documents, residentMarkBytes, processorMark, true);
    }
}
