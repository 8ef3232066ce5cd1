/** Tests of how a form's end is told. */
@NullMarked
package io.docmill.gateway.http.form;

import org.jspecify.annotations.NullMarked;
