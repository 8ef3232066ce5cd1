/**
 * A job from the queue to its reply: taken, run, kept, answered, acknowledged. May call the model, the platform, inspection, plans
 * and the engine's contract, but no engine.
 */
@NullMarked
package io.docmill.worker.job;

import org.jspecify.annotations.NullMarked;
