/** The records that object storage keeps, one JSON header an object. Calls ids and conversions. */
@NullMarked
package io.docmill.model.record;

import org.jspecify.annotations.NullMarked;
