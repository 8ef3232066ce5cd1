/** Ends what the queue gave up. Calls storage, cache and, through an interface, the queue. */
@NullMarked
package io.docmill.gateway.deadletter;

import org.jspecify.annotations.NullMarked;
