/** The messages of the queue and their JSON form. Calls records, ids and conversions. */
@NullMarked
package io.docmill.model.job;

import org.jspecify.annotations.NullMarked;
