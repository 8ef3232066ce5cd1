/**
 * What files and runs have in common: they are deleted with all that was made from them, at
 * a caller's wish or because they were not to be kept. Calls storage and cache.
 */
@NullMarked
package io.docmill.gateway.source;

import org.jspecify.annotations.NullMarked;
