/** Redis: what is answered from it. Never needed for a right answer. Calls the model and config. */
@NullMarked
package io.docmill.platform.cache;

import org.jspecify.annotations.NullMarked;
