/** What uploads of files and of runs' outputs have in common: they are checked alike. Calls inspection. */
@NullMarked
package io.docmill.gateway.upload;

import org.jspecify.annotations.NullMarked;
