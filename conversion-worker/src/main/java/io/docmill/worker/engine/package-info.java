/**
 * What a conversion engine is to the rest of the worker: runs, outcomes, limits and usage. May call {@code
 * io.docmill.worker.plan} only.
 */
@NullMarked
package io.docmill.worker.engine;

import org.jspecify.annotations.NullMarked;
