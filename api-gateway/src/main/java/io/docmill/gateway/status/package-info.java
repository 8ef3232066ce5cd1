/** How the service stands. Calls the queue and what it is given. */
@NullMarked
package io.docmill.gateway.status;

import org.jspecify.annotations.NullMarked;
