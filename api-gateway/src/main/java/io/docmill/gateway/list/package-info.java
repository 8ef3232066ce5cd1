/** Lists that are told a page at a time. Calls nothing of Docmill. */
@NullMarked
package io.docmill.gateway.list;

import org.jspecify.annotations.NullMarked;
