/**
 * Starts programs so that they reach neither the network nor files outside their directory, measures and ends them. Calls
 * nothing else of Docmill.
 */
@NullMarked
package io.docmill.worker.sandbox;

import org.jspecify.annotations.NullMarked;
