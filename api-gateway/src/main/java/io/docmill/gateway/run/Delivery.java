package io.docmill.gateway.run;

import io.docmill.inspection.Inspection;

/** What became of a call by which a generator ends a run. */
public sealed interface Delivery {
    /** The run stands as the caller wanted it, by this call or by an equal one before. */
    record Accepted(Run run) implements Delivery {}

    /** There is no such run, or there is none any more. Nothing was kept. */
    record RunNotFound() implements Delivery {}

    /** The output can never convert. Nothing was kept. */
    record Refused(Inspection.Refused refusal) implements Delivery {}

    /** The run has ended otherwise already. Nothing was kept. */
    record AlreadyEnded(Run run) implements Delivery {}
}
