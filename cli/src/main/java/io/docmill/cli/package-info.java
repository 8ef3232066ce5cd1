/** The {@code docmill} command. Talks to a running Docmill over HTTP, and calls nothing else of Docmill. */
@NullMarked
package io.docmill.cli;

import org.jspecify.annotations.NullMarked;
