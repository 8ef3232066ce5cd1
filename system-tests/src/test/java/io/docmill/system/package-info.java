/** Tests of the running system from outside. They start {@code bin/docmill} and speak HTTP to it, and know no class of it. */
@NullMarked
package io.docmill.system;

import org.jspecify.annotations.NullMarked;
