/** Whether a job would wait too long for its caller, by the figures of the queue. Calls nothing but {@code platform}'s figures. */
@NullMarked
package io.docmill.gateway.admission;

import org.jspecify.annotations.NullMarked;
