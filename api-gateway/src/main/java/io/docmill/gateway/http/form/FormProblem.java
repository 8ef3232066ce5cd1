package io.docmill.gateway.http.form;

import java.time.Duration;

/** Why a form could not be read. */
public sealed interface FormProblem {
    /** It is not the form that was expected; the message is a sentence for the caller. */
    record Malformed(String message) implements FormProblem {}

    /** It is larger than allowed; the limit is told in words. */
    record TooLarge(String limit) implements FormProblem {}

    /** Its content type is another; the expected one is told in words. */
    record WrongContentType(String expected) implements FormProblem {}

    /** It came too slowly for this long. */
    record TooSlow(Duration patience) implements FormProblem {}

    /** The spool is full of other uploads. */
    record NoRoom() implements FormProblem {}

    /** The caller went away; there is nobody to answer. */
    record BrokenOff() implements FormProblem {}
}
