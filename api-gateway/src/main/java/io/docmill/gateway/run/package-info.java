/** Runs of generators: registered, delivered, failed, listed, deleted. Calls storage, cache, and the check of uploads. */
@NullMarked
package io.docmill.gateway.run;

import org.jspecify.annotations.NullMarked;
