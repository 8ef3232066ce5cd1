/** Uploading and converting in one call. Calls files, conversions, the check of uploads, and the end of what is not kept. */
@NullMarked
package io.docmill.gateway.onecall;

import org.jspecify.annotations.NullMarked;
