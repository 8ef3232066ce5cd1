/**
 * The fork server from this side of its pipes: a process that gives each conversion a child of its own. Speaks the protocol of
 * {@code fork-server/README.md}. May call the model's JSON, {@code
 * io.docmill.worker.plan} and {@code io.docmill.worker.sandbox} only.
 */
@NullMarked
package io.docmill.worker.forkserver;

import org.jspecify.annotations.NullMarked;
