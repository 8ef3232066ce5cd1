/** Encrypted connections to real neighbours. */
@NullMarked
package io.docmill.platform.tls;

import org.jspecify.annotations.NullMarked;
