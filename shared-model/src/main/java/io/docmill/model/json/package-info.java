/** The one JSON mapper of records, messages and answers. Calls nothing else. */
@NullMarked
package io.docmill.model.json;

import org.jspecify.annotations.NullMarked;
