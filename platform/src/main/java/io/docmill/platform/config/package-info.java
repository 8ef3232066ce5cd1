/** Settings: typed, read once at start from the environment and a file, all mistakes told at once. Calls nothing else. */
@NullMarked
package io.docmill.platform.config;

import org.jspecify.annotations.NullMarked;
