/** Tests of object storage against a real store. */
@NullMarked
package io.docmill.platform.storage;

import org.jspecify.annotations.NullMarked;
