/** Tests of jobs against the real neighbours, with an engine that does as it is told. */
@NullMarked
package io.docmill.worker.job;

import org.jspecify.annotations.NullMarked;
