/** Holds the answers of tests to the contract. Calls nothing of Docmill's. */
@NullMarked
package io.docmill.testing.contract;

import org.jspecify.annotations.NullMarked;
