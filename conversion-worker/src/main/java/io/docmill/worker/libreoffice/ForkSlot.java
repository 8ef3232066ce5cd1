package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.Tenant;
import io.docmill.worker.forkserver.ForkedChild;
import io.docmill.worker.sandbox.SlotDirectory;
import org.jspecify.annotations.Nullable;

/**
 * A place for one child at a time. For the one run that has it, or for the pool while none has.
 *
 * <p>Where the documents of a scope may share a child, the one of the last document stays with the place.
 */
final class ForkSlot {

    /**
     * A child that stayed.
     *
     * @param tenant whose documents it had
     * @param documents how many
     * @param since when it had the first, by {@link System#nanoTime()}
     */
    record KeptChild(ForkedChild child, Tenant tenant, int documents, long since) {}

    private final int number;
    private SlotDirectory directory;
    private int documents;
    private @Nullable KeptChild kept;

    ForkSlot(int number, SlotDirectory directory) {
        this.number = number;
        this.directory = directory;
    }

    int number() {
        return number;
    }

    SlotDirectory directory() {
        return directory;
    }

    /** The old one is gone; no child remembers it. */
    void moveTo(SlotDirectory fresh) {
        directory = fresh;
        kept = null;
    }

    /** Counts a document, and tells its number. */
    int nextDocument() {
        return ++documents;
    }

    @Nullable
    KeptChild kept() {
        return kept;
    }

    void keep(@Nullable KeptChild child) {
        kept = child;
    }

    /** Whether a child is there that may have a document of this tenant. */
    boolean isKeptFor(Tenant tenant) {
        return kept != null && kept.tenant().equals(tenant) && kept.child().isAlive();
    }
}
