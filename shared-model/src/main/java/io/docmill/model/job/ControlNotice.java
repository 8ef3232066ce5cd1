package io.docmill.model.job;

/** What {@link Topics#CONTROL} carries: news that storage holds already, and that only makes others look at once. */
public sealed interface ControlNotice permits CancelNotice, RevocationNotice {}
