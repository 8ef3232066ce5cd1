/** Kafka: topics, the share group and the settings of its clients. Calls the model, config and tls. */
@NullMarked
package io.docmill.platform.queue;

import org.jspecify.annotations.NullMarked;
