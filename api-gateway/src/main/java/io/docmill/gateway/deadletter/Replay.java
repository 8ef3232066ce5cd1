package io.docmill.gateway.deadletter;

import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.StoredDeadLetter;

/** What becomes of a wish to replay a dead letter. */
public sealed interface Replay {
    /** It is being converted anew; the letter is gone. */
    record Accepted(StoredDeadLetter letter, AttemptId attempt) implements Replay {}

    /** There is no such letter. */
    record NotFound() implements Replay {}

    /** A password came with the job, and is kept nowhere. The letter stays. */
    record PasswordGone() implements Replay {}

    /** It can't be converted any more, mostly because its document was deleted. The letter stays. */
    record Refused(ConversionAnswer answer) implements Replay {}
}
