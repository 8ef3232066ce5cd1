/** Object storage through the MinIO client, and the documents kept there. Calls the model, config and tls. */
@NullMarked
package io.docmill.platform.storage;

import org.jspecify.annotations.NullMarked;
