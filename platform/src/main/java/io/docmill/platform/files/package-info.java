/** Directories on the local disk in which documents lie for a while. Calls nothing else. */
@NullMarked
package io.docmill.platform.files;

import org.jspecify.annotations.NullMarked;
