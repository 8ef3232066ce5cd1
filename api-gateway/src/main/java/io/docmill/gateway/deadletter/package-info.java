/** Ends what the queue gave up, and replays or drops it. Calls storage, cache, converting and, through an interface, the queue. */
@NullMarked
package io.docmill.gateway.deadletter;

import org.jspecify.annotations.NullMarked;
