/** Tests of the client of the fork server. */
@NullMarked
package io.docmill.worker.forkserver;

import org.jspecify.annotations.NullMarked;
