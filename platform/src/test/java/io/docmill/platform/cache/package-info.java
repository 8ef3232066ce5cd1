/** Tests of what Redis holds, against a real Redis. */
@NullMarked
package io.docmill.platform.cache;

import org.jspecify.annotations.NullMarked;
