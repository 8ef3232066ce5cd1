/** Identifiers of scopes, sources, conversions and attempts, and how each is derived. Calls nothing else. */
@NullMarked
package io.docmill.model.id;

import org.jspecify.annotations.NullMarked;
