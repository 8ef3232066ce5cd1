/** API keys and what the service's own key protects. Calls ids. */
@NullMarked
package io.docmill.model.security;

import org.jspecify.annotations.NullMarked;
