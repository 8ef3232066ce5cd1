/** Tests of the management port. */
@NullMarked
package io.docmill.platform.management;

import org.jspecify.annotations.NullMarked;
