/** The gateway process: its settings and its wiring. Calls everything below it. */
@NullMarked
package io.docmill.gateway;

import org.jspecify.annotations.NullMarked;
