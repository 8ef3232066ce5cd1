package io.docmill.gateway.http.form;

/** A form could not be read. Carries no stack trace: it is the caller's fault, not ours. */
public final class FormException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient FormProblem problem;

    FormException(FormProblem problem) {
        super(problem.toString(), null, false, false);
        this.problem = problem;
    }

    /** What was wrong. */
    public FormProblem problem() {
        return problem;
    }
}
