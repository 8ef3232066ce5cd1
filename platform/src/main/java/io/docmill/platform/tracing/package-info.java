/** Traces: spans, how they travel, and where they are sent. Alone knows OpenTelemetry. Calls {@code config}. */
@NullMarked
package io.docmill.platform.tracing;

import org.jspecify.annotations.NullMarked;
