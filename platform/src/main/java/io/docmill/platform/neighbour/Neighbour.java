package io.docmill.platform.neighbour;

import io.docmill.platform.tls.TlsRefusal;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service that this process needs, as it was last seen. An outage is waited out, for as long as it takes, and told in the log
 * twice: when it begins and when it is over. Thread-safe.
 */
public final class Neighbour {
    private static final Logger log = LoggerFactory.getLogger(Neighbour.class);
    private static final IntervalFunction PAUSES =
            IntervalFunction.ofExponentialBackoff(Duration.ofMillis(200), 2, Duration.ofSeconds(5));

    /** Clients tell pages of what they tried; the first words say what happened. */
    private static final int LONGEST_REASON = 200;

    /** What an exception that was made of another one begins its message with. */
    private static final Pattern CLASS_NAMES = Pattern.compile("^([\\w.$]+(Exception|Error)(: |$))+");

    /** More causes than any client makes, should they go in a circle. */
    private static final int DEEPEST = 20;

    private final String name;
    private final String consequence;
    private final AtomicReference<@Nullable Outage> outage = new AtomicReference<>();
    private volatile boolean seen;

    private record Outage(Instant since, String reason) {}

    /**
     * @param name as it is told in logs, such as {@code Object storage}
     * @param consequence what its outage means, as a sentence for whoever reads the log
     */
    public Neighbour(String name, String consequence) {
        this.name = name;
        this.consequence = consequence;
    }

    /**
     * Calls until it answers, with pauses that grow to 5 s. What is no outage is thrown at once.
     *
     * @param stopped asked after each failure; true ends the attempts
     * @throws CancellationException if it was stopped
     */
    public <T> T patiently(BooleanSupplier stopped, Supplier<T> call) {
        RetryConfig config = RetryConfig.custom()
                .maxAttempts(Integer.MAX_VALUE)
                .intervalFunction(PAUSES)
                .retryOnException(e -> isOutage(e) && !stopped.getAsBoolean())
                .build();
        try {
            return Retry.of(name, config).executeSupplier(() -> attempt(call));
        } catch (RuntimeException e) {
            if (stopped.getAsBoolean()) {
                throw (CancellationException)
                        new CancellationException("stopped while waiting for " + name).initCause(e);
            }
            throw e;
        }
    }

    /**
     * Calls until it answers, as long as it takes.
     *
     * @param stopped asked after each failure; true ends the attempts
     * @return false if it was stopped before
     */
    public boolean awaitAnswer(BooleanSupplier stopped, Runnable call) {
        try {
            return patiently(stopped, () -> {
                call.run();
                return true;
            });
        } catch (CancellationException e) {
            return false;
        }
    }

    private <T> T attempt(Supplier<T> call) {
        try {
            T answer = call.get();
            answered();
            return answer;
        } catch (RuntimeException e) {
            // An interrupted call says nothing of the other side.
            if (isOutage(e) && !Thread.currentThread().isInterrupted()) {
                failed(e);
            }
            throw e;
        }
    }

    /** What clients say of the other side; an {@link java.io.UncheckedIOException} is a fault of a file of ours. */
    private static boolean isOutage(Throwable failure) {
        return failure instanceof NeighbourUnavailableException;
    }

    /** It was seen to answer. */
    public void answered() {
        seen = true;
        // Read first: this is on the way of every answer.
        Outage over = outage.get() == null ? null : outage.getAndSet(null);
        if (over != null) {
            log.warn(
                    "{} answers again after {} s",
                    name,
                    Duration.between(over.since(), Instant.now()).toSeconds());
        }
    }

    /** It was seen not to answer. */
    public void failed(Throwable failure) {
        seen = true;
        String reason = reason(failure);
        if (outage.compareAndSet(null, new Outage(Instant.now(), reason))) {
            log.warn("{} does not answer. {} Reason: {}", name, consequence, reason);
        }
    }

    private static String reason(Throwable failure) {
        return TlsRefusal.explain(failure).orElseGet(() -> firstWords(failure));
    }

    /** What the client says, and what is at the bottom of it, where that says more. */
    private static String firstWords(Throwable failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        String words = firstLine(cause);
        if (words.isEmpty()) {
            return "no answer in time (" + cause.getClass().getSimpleName() + ")";
        }
        String bottom = firstLine(bottom(cause));
        return words.contains(bottom) ? shortened(words) : shortened(words) + " (" + shortened(bottom) + ")";
    }

    private static Throwable bottom(Throwable failure) {
        Throwable bottom = failure;
        for (int depth = 0; bottom.getCause() != null && depth < DEEPEST; depth++) {
            bottom = bottom.getCause();
        }
        return bottom;
    }

    private static String firstLine(Throwable failure) {
        return Objects.requireNonNullElse(failure.getMessage(), "")
                .strip()
                .lines()
                .findFirst()
                .map(line -> CLASS_NAMES.matcher(line).replaceFirst(""))
                .orElse("");
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "…";
    }

    /** Whether it did not answer when it was last asked. */
    public boolean isAway() {
        return outage.get() != null;
    }

    /** Its state in one line, for the details of readiness. */
    public String state() {
        Outage present = outage.get();
        if (present != null) {
            return "away since %s: %s".formatted(present.since(), present.reason());
        }
        return seen ? "answers" : "not asked yet";
    }
}
