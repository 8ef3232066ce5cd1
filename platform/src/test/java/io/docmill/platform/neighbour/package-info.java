/** Tests of what is told of neighbours. */
@NullMarked
package io.docmill.platform.neighbour;

import org.jspecify.annotations.NullMarked;
