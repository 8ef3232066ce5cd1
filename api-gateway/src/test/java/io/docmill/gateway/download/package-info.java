/** Tests of names and signed locations. */
@NullMarked
package io.docmill.gateway.download;

import org.jspecify.annotations.NullMarked;
