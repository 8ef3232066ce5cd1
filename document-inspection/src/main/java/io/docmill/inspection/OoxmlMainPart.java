package io.docmill.inspection;

import io.docmill.model.document.DocumentFormat;

/** What a zip holds, by its main part. */
sealed interface OoxmlMainPart {
    /** A document of ours. */
    record Found(DocumentFormat format) implements OoxmlMainPart {}

    /**
     * Something else.
     *
     * @param kind what it is, with its article
     */
    record Foreign(String kind) implements OoxmlMainPart {}

    /**
     * Meant to be an Office document, but without what makes it one.
     *
     * @param finding a sentence without its full stop
     */
    record Missing(String finding) implements OoxmlMainPart {}
}
