@NullMarked
package io.docmill.gateway.admission;

import org.jspecify.annotations.NullMarked;
