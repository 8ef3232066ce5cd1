/** What documents are: their formats and media types. Calls nothing else. */
@NullMarked
package io.docmill.model.document;

import org.jspecify.annotations.NullMarked;
