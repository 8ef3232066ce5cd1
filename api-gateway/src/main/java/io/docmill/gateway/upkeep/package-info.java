/** What a gateway does when its time has come. Calls storage and the source package. */
@NullMarked
package io.docmill.gateway.upkeep;

import org.jspecify.annotations.NullMarked;
