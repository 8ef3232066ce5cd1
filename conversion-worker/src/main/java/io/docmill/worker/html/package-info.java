/** Makes HTML harmless and self-contained. Calls jsoup only. */
@NullMarked
package io.docmill.worker.html;

import org.jspecify.annotations.NullMarked;
