package io.docmill.testing.services;

/** A service that a test ends and starts again. What it gave out stays as it is: address, credentials, data. */
public interface TestService extends AutoCloseable {
    /**
     * Starts it where it was, and returns when it answers.
     *
     * @throws IllegalStateException if it runs already, or does not start
     */
    void start();

    /** Ends it in order, and returns when it has ended; nothing happens where it does not run. */
    void stop();

    /** Ends it, however it is; also twice. */
    @Override
    void close();
}
