/** HTTP: routes, forms, answers and errors. Calls the use cases; nothing calls it but the wiring. */
@NullMarked
package io.docmill.gateway.http;

import org.jspecify.annotations.NullMarked;
