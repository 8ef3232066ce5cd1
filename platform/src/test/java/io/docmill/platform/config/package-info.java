/** Tests of how settings are read. */
@NullMarked
package io.docmill.platform.config;

import org.jspecify.annotations.NullMarked;
