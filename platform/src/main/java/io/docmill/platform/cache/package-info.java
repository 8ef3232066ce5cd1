/** Redis: what is answered from it. Never needed for a right answer. Calls the model, config and tls. */
@NullMarked
package io.docmill.platform.cache;

import org.jspecify.annotations.NullMarked;
