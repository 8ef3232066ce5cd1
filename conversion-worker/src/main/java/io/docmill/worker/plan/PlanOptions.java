package io.docmill.worker.plan;

import java.util.Optional;

/**
 * What a caller may choose about a plan.
 *
 * @param tagged whether a PDF carries its structure for assistive programs; costs up to 4 times the time and 20 times the size
 * @param password opens an encrypted document
 */
public record PlanOptions(boolean tagged, Optional<OfficeValue.Secret> password) {

    public static final PlanOptions DEFAULT = new PlanOptions(false, Optional.empty());

    /** The same options with a password. */
    public PlanOptions withPassword(String secret) {
        return new PlanOptions(tagged, Optional.of(new OfficeValue.Secret(secret)));
    }

    /** The same options with or without tags. */
    public PlanOptions withTagged(boolean value) {
        return new PlanOptions(value, password);
    }
}
