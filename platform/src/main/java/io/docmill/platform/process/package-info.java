/** How a process is told to end. Calls nothing else. */
@NullMarked
package io.docmill.platform.process;

import org.jspecify.annotations.NullMarked;
