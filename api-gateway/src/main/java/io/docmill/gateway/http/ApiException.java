package io.docmill.gateway.http;

/** Ends a request with an error of the API. Carries no stack trace: it is an answer, not a defect. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    ApiException(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ApiError error() {
        return error;
    }
}
