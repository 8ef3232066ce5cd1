/** Tests of the gateway against the real neighbours, with a double of the worker. */
@NullMarked
package io.docmill.gateway;

import org.jspecify.annotations.NullMarked;
