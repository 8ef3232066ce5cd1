/** Where objects lie: the layout of the bucket, written here and nowhere else. Calls ids. */
@NullMarked
package io.docmill.model.storage;

import org.jspecify.annotations.NullMarked;
