package io.docmill.worker.html;

/** HTML that would take too much memory to be sanitised. */
public final class HtmlTooLargeException extends Exception {

    private static final long serialVersionUID = 1L;

    HtmlTooLargeException(String message) {
        super(message);
    }
}
