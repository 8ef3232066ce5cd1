/** Tests of what ends a wait. */
@NullMarked
package io.docmill.gateway.conversion;

import org.jspecify.annotations.NullMarked;
