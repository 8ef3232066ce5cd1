package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** A LibreOffice that one run has to itself, from when it takes it until it gives it back or discards it. For that run alone. */
interface Office {

    /** The number by which logs and metrics know it. */
    int number();

    /** Where the run's files are. */
    SlotDirectory slot();

    /** A name for the directory of this run's document that no document before had in this slot. */
    String documentDirectory();

    /**
     * Opens a document and writes it in another format.
     *
     * @param input below the slot's document directory
     * @param result beside it
     * @param progress is told of the process that works
     * @throws IOException if something outside of the document is wrong
     */
    StepResult convert(LibreOfficeStep step, Path input, Path result, StepRunner.Progress progress) throws IOException;

    /** Waits a moment for the process to end, and tells the signal that ended it; empty if none did. */
    OptionalInt endSignal();

    /**
     * Has nothing of the document stay.
     *
     * @param ifLost what to call it if the process is not there any more
     * @return why no other document may come after it; empty if one may
     */
    Optional<ProcessEnd> clear(ProcessEnd ifLost);

    /** Ends the run's use of it, after {@link #clear} had nothing against that. */
    void giveBack();

    /** Ends the run's use of it and what is left of it, after a fault; returns when nothing is left. */
    void discard(ProcessEnd end);
}
