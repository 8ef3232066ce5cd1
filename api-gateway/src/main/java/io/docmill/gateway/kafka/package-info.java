/** The gateway's ends of the queue: messages out, dead letters in. Calls the packages conversion and deadletter. */
@NullMarked
package io.docmill.gateway.kafka;

import org.jspecify.annotations.NullMarked;
