/** Reads forms: fields into memory within limits, files onto disk within a quota. Calls the platform for its directory. */
@NullMarked
package io.docmill.gateway.http.form;

import org.jspecify.annotations.NullMarked;
