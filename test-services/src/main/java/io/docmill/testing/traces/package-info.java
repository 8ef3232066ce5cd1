/** A collector of traces for tests. Calls nothing of Docmill. */
@NullMarked
package io.docmill.testing.traces;

import org.jspecify.annotations.NullMarked;
