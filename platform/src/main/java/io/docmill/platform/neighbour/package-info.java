/** The services that a process needs, as they were last seen. Calls tls. */
@NullMarked
package io.docmill.platform.neighbour;

import org.jspecify.annotations.NullMarked;
