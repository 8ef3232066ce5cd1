/** Uploaded files. Calls storage, cache and inspection. */
@NullMarked
package io.docmill.gateway.file;

import org.jspecify.annotations.NullMarked;
