/** Tests of the worker against the real neighbours. */
@NullMarked
package io.docmill.worker;

import org.jspecify.annotations.NullMarked;
