/**
 * The conversion engine of LibreOffice processes that are kept warm and driven over UNO through JODConverter. The only package
 * that knows JODConverter and UNO; calls engine, plan, html and sandbox.
 */
@NullMarked
package io.docmill.worker.libreoffice;

import org.jspecify.annotations.NullMarked;
