/** Converting, as a caller sees it: look, join, publish, wait. Calls storage, cache and downloads, and the queue through its own interface. */
@NullMarked
package io.docmill.gateway.conversion;

import org.jspecify.annotations.NullMarked;
