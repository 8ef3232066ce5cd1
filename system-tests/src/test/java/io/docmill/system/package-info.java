/**
 * Tests of the running system from outside. They start {@code bin/docmill}, or gateways and workers as an operator does, speak
 * HTTP to them, and know no class of them.
 */
@NullMarked
package io.docmill.system;

import org.jspecify.annotations.NullMarked;
