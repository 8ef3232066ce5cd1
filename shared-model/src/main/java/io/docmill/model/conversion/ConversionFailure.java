package io.docmill.model.conversion;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.docmill.model.document.DocumentFormat;
import java.util.Objects;

/**
 * Every way in which a conversion can end without an artifact. It crosses the reply topic and is stored, so every case
 * is a record and its name on the wire can't change.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "cause")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ConversionFailure.SourceMissing.class, name = "source_missing"),
    @JsonSubTypes.Type(value = ConversionFailure.PasswordRequired.class, name = "password_required"),
    @JsonSubTypes.Type(value = ConversionFailure.WrongPassword.class, name = "wrong_password"),
    @JsonSubTypes.Type(value = ConversionFailure.Corrupt.class, name = "corrupt"),
    @JsonSubTypes.Type(value = ConversionFailure.Suspicious.class, name = "suspicious"),
    @JsonSubTypes.Type(value = ConversionFailure.OtherFormat.class, name = "other_format"),
    @JsonSubTypes.Type(value = ConversionFailure.TooComplex.class, name = "too_complex"),
    @JsonSubTypes.Type(value = ConversionFailure.EngineCrashed.class, name = "engine_crashed"),
    @JsonSubTypes.Type(value = ConversionFailure.WorkersLost.class, name = "workers_lost"),
    @JsonSubTypes.Type(value = ConversionFailure.Interrupted.class, name = "interrupted"),
    @JsonSubTypes.Type(value = ConversionFailure.Canceled.class, name = "canceled")
})
public sealed interface ConversionFailure {
    /** Whether the same attempt would end the same way, so that the failure is remembered for a while. */
    default boolean repeats() {
        return switch (this) {
            case PasswordRequired _,
                    WrongPassword _,
                    Corrupt _,
                    Suspicious _,
                    OtherFormat _,
                    TooComplex _,
                    EngineCrashed _,
                    WorkersLost _ -> true;
            case SourceMissing _, Interrupted _, Canceled _ -> false;
        };
    }

    /** A short name for metrics and logs, from a closed set: the name on the wire. */
    default String label() {
        return switch (this) {
            case SourceMissing _ -> "source_missing";
            case PasswordRequired _ -> "password_required";
            case WrongPassword _ -> "wrong_password";
            case Corrupt _ -> "corrupt";
            case Suspicious _ -> "suspicious";
            case OtherFormat _ -> "other_format";
            case TooComplex _ -> "too_complex";
            case EngineCrashed _ -> "engine_crashed";
            case WorkersLost _ -> "workers_lost";
            case Interrupted _ -> "interrupted";
            case Canceled _ -> "canceled";
        };
    }

    /** The source was deleted before or while it was converted. */
    record SourceMissing() implements ConversionFailure {}

    /** The document is encrypted and no password came. */
    record PasswordRequired() implements ConversionFailure {}

    /** The document is encrypted and the password does not open it. */
    record WrongPassword() implements ConversionFailure {}

    /** LibreOffice can't open the document, or can't write it in this format. */
    record Corrupt() implements ConversionFailure {}

    /**
     * What was encrypted in the document is made to harm who opens it, or can't be told from that. Names no part of it: this
     * is stored in the clear, and the document was not.
     */
    record Suspicious() implements ConversionFailure {}

    /**
     * What was encrypted in the document is of another format than its name told, which does not convert to the target.
     *
     * @param found the format by its content
     * @param target what was asked for
     */
    record OtherFormat(DocumentFormat found, DocumentFormat target) implements ConversionFailure {
        public OtherFormat {
            Objects.requireNonNull(found, "found");
            Objects.requireNonNull(target, "target");
        }
    }

    /**
     * The conversion went past a limit and was stopped.
     *
     * @param limit which one
     * @param timeoutSeconds the time limit that held, in seconds: a request with a larger one may be tried
     */
    record TooComplex(Limit limit, int timeoutSeconds) implements ConversionFailure {
        /** What was used up. */
        public enum Limit {
            TIME,
            MEMORY,
            OUTPUT_SIZE
        }
    }

    /**
     * LibreOffice crashed on the document, each time on a fresh process.
     *
     * @param attempts how often it was tried
     */
    record EngineCrashed(int attempts) implements ConversionFailure {}

    /**
     * Whole workers died while they ran it, so it was given up.
     *
     * @param deliveries how often it was handed to a worker that was lost
     */
    record WorkersLost(int deliveries) implements ConversionFailure {}

    /** The conversion was stopped for a reason that has nothing to do with the document; trying again helps. */
    record Interrupted() implements ConversionFailure {}

    /** A caller canceled it. */
    record Canceled() implements ConversionFailure {}
}
