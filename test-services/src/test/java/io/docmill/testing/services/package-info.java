/** Tests that the services outlive what tests do to them. */
@NullMarked
package io.docmill.testing.services;

import org.jspecify.annotations.NullMarked;
