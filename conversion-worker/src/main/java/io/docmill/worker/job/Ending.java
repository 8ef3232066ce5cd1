package io.docmill.worker.job;

/** What became of a job, as far as the queue is concerned. */
sealed interface Ending {
    /** It was answered: the record is done with. */
    record Answered() implements Ending {}

    /** It was stopped before it had an outcome: someone else must run it. */
    record Stopped() implements Ending {}

    /** It could not even be answered, because of a defect of ours: the broker keeps it for a person to look at. */
    record Unanswerable() implements Ending {}
}
