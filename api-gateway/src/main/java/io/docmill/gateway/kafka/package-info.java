/** The gateway's ends of the queue: jobs out, replies in. Calls the conversion package. */
@NullMarked
package io.docmill.gateway.kafka;

import org.jspecify.annotations.NullMarked;
