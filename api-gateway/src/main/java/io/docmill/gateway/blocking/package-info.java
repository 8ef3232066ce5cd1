/** Calls that block, kept off the event loop. Calls nothing else. */
@NullMarked
package io.docmill.gateway.blocking;

import org.jspecify.annotations.NullMarked;
