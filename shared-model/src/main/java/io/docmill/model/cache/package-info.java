/** The keys of Redis, written here and nowhere else. Calls ids. */
@NullMarked
package io.docmill.model.cache;

import org.jspecify.annotations.NullMarked;
