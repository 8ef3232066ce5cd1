/** The messages of the queue, their JSON form, and the rule by which a job has ended. Calls records, ids and conversions. */
@NullMarked
package io.docmill.model.job;

import org.jspecify.annotations.NullMarked;
