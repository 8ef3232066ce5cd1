package io.docmill.platform.storage;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Reads the store's clock off its answers, refusals too: a store that refuses a request for its date answers with its
 * own. May be used by any thread.
 */
final class StoreClock implements Interceptor {
    /**
     * How long after the instant in a {@code Date} header an answer may have been made: the header has whole seconds (RFC
     * 9110, section 5.6.7), and servers renew it once a second (fasthttp, under versitygw, does).
     */
    private static final Duration RESOLUTION = Duration.ofSeconds(2);

    private volatile @Nullable Duration difference;

    /** What was told last: a busy store tells the same second hundreds of times, and reading it takes time. */
    private volatile Told last = new Told("", Instant.EPOCH);

    private record Told(String date, Instant instant) {}

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response answer = chain.proceed(chain.request());
        read(answer);
        return answer;
    }

    void read(Response answer) {
        String date = answer.header("Date");
        if (date == null) {
            return;
        }
        try {
            difference = leastDifference(
                    instantOf(date),
                    Instant.ofEpochMilli(answer.sentRequestAtMillis()),
                    Instant.ofEpochMilli(answer.receivedResponseAtMillis()));
        } catch (DateTimeException e) {
            // A date of another form tells nothing, and is no reason to refuse an answer.
        }
    }

    private Instant instantOf(String date) {
        Told told = last;
        if (!told.date().equals(date)) {
            told = new Told(date, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date)));
            last = told;
        }
        return told.instant();
    }

    /** The store looked at its clock at some time between request and answer: what that can explain is no difference. */
    private static Duration leastDifference(Instant told, Instant sent, Instant received) {
        Duration ahead = Duration.between(told.plus(RESOLUTION), sent);
        Duration behind = Duration.between(told, received);
        if (ahead.isPositive()) {
            return ahead;
        }
        return behind.isNegative() ? behind : Duration.ZERO;
    }

    /** See {@link ObjectStore#clockDifference()}. */
    Optional<Duration> difference() {
        return Optional.ofNullable(difference);
    }
}
