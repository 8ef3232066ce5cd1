/** Turns a pair of formats and options into steps that any engine can run. May call the model only. */
@NullMarked
package io.docmill.worker.plan;

import org.jspecify.annotations.NullMarked;
