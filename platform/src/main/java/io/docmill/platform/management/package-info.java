/** The port for operators: health and metrics. Calls nothing else. */
@NullMarked
package io.docmill.platform.management;

import org.jspecify.annotations.NullMarked;
