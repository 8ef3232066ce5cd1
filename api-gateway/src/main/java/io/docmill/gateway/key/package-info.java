/** API keys: who calls, and for which scope. Calls storage and cache. */
@NullMarked
package io.docmill.gateway.key;

import org.jspecify.annotations.NullMarked;
