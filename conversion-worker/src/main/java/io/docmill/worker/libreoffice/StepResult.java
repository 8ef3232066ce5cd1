package io.docmill.worker.libreoffice;

import java.nio.file.Path;

/** How one step ended. */
sealed interface StepResult {

    /** The file is written. */
    record Done(Path file) implements StepResult {}

    /** LibreOffice would not open the document. */
    record LoadRefused() implements StepResult {}

    /** It could not be written in that format. */
    record StoreRefused() implements StepResult {}

    /** What was written is too large. */
    record TooLarge(long limitBytes) implements StepResult {}

    /** There was no memory for it. */
    record OutOfMemory() implements StepResult {}

    /** The process that did the step ended, by itself or because it was stopped. */
    record ProcessLost() implements StepResult {}
}
