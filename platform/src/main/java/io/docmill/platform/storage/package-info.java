/** Object storage through the MinIO client, and the documents kept there. Calls the model and config. */
@NullMarked
package io.docmill.platform.storage;

import org.jspecify.annotations.NullMarked;
