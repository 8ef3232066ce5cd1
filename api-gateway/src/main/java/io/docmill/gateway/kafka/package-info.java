/** The gateway's end of the queue: jobs out. Calls the conversion package. */
@NullMarked
package io.docmill.gateway.kafka;

import org.jspecify.annotations.NullMarked;
