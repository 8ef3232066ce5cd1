/** Tests of how topics are made, against a real Kafka. */
@NullMarked
package io.docmill.platform.queue;

import org.jspecify.annotations.NullMarked;
