/**
 * Tells what a document is by its content, and refuses what can never convert, before anything else opens it. Calls
 * Commons Compress and Apache POI, and no neighbour.
 */
@NullMarked
package io.docmill.inspection;

import org.jspecify.annotations.NullMarked;
