/** The services that a process needs, as they were last seen. Calls nothing else. */
@NullMarked
package io.docmill.platform.neighbour;

import org.jspecify.annotations.NullMarked;
