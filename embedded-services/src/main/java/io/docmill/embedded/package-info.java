/**
 * The neighbours that Docmill needs, on one machine and without set-up: Kafka and an S3 store inside the process, Redis as its
 * child. Calls the libraries of those three and nothing of Docmill.
 */
@NullMarked
package io.docmill.embedded;

import org.jspecify.annotations.NullMarked;
