/** Encrypted connections: who is trusted, what is shown, and what a refusal means. Calls config. */
@NullMarked
package io.docmill.platform.tls;

import org.jspecify.annotations.NullMarked;
