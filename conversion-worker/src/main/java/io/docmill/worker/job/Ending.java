package io.docmill.worker.job;

/** What became of a job, as far as the queue is concerned. */
sealed interface Ending {
    /** It was answered: the record is done with. */
    record Answered() implements Ending {}

    /** Another record of the same conversion is being run: this one is done with, without an answer. */
    record Dropped() implements Ending {}

    /**
     * It was stopped before it had an outcome: someone else must run it.
     *
     * @param unmarked whether it is certain that no mark tells of its record; with one, a record that takes its place would be
     *     dropped
     */
    record Stopped(boolean unmarked) implements Ending {}

    /** It was stopped because someone else has its record. */
    record TakenOver() implements Ending {}

    /** It could not even be answered, because of a defect of ours: the broker keeps it for a person to look at. */
    record Unanswerable() implements Ending {}
}
