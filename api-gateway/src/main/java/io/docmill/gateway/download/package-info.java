/** Signed URLs of what can be downloaded. Calls storage. */
@NullMarked
package io.docmill.gateway.download;

import org.jspecify.annotations.NullMarked;
