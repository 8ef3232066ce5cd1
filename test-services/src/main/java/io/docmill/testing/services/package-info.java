/** Kafka, an S3 store and Redis for tests, and processes that tests kill. Calls {@code embedded-services} alone. */
@NullMarked
package io.docmill.testing.services;

import org.jspecify.annotations.NullMarked;
