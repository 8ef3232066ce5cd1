/** The worker's process: its settings, its wiring and its life from start to shutdown. May call everything below it. */
@NullMarked
package io.docmill.worker;

import org.jspecify.annotations.NullMarked;
