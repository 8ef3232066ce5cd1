/** What can be asked for and how it can end: pairs, options, failures. Calls documents and ids. */
@NullMarked
package io.docmill.model.conversion;

import org.jspecify.annotations.NullMarked;
