/** Tests of how failures and types are told. */
@NullMarked
package io.docmill.gateway.http;

import org.jspecify.annotations.NullMarked;
