/**
 * Makes small real office documents for tests, sound ones and broken ones. Only ever used in test scope; calls Apache
 * POI and nothing of Docmill.
 */
@NullMarked
package io.docmill.testing.documents;

import org.jspecify.annotations.NullMarked;
