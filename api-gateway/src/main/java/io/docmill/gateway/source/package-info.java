/** What files and runs have in common: they can be deleted with all that was made from them. Calls storage and cache. */
@NullMarked
package io.docmill.gateway.source;

import org.jspecify.annotations.NullMarked;
