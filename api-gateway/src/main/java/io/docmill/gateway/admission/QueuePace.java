package io.docmill.gateway.admission;

import io.docmill.model.job.Topics;
import io.docmill.platform.queue.QueueBacklog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a job that is published now will take until it has ended: the jobs ahead of it and itself, by the rate at which
 * interactive jobs have ended of late (Little's law). All of it comes from Kafka's figures, so each gateway comes to the same. Only
 * what ended while every slot had work says how fast the slots are; where that was not seen, nothing is known. Thread-safe
 * (docs/decisions/0020).
 */
public final class QueuePace {
    /** What Kafka said longer ago says nothing of now. */
    private static final Duration FRESHNESS = Duration.ofSeconds(10);

    /** The rate is that of the last minute of full slots, or of the last ten jobs where they took longer. */
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private static final int JOBS_OF_WINDOW = 10;

    /** What ended longer ago counts in no window. */
    private static final Duration MEMORY = Duration.ofMinutes(5);

    /** Figures come each second, and the first documents on warm processes tell little of the next. */
    private static final Duration LEAST_MEASURED = Duration.ofSeconds(5);

    /** A time without an end is an outage, and no slow document, if it is longer than this and than what is usual. */
    private static final Duration SHORT_SILENCE = Duration.ofSeconds(10);

    private static final int MOST_TIMES_THE_USUAL = 3;

    private final Clock clock;
    private final Deque<Stretch> stretches = new ArrayDeque<>();
    private final Deque<Instant> published = new ArrayDeque<>();
    private @Nullable QueueBacklog last;

    /** Whether an end was seen since all slots have work: from one on, time counts. */
    private boolean begun;

    private Duration sinceLastEnd = Duration.ZERO;

    /** What ended by the most that was told since all slots have work: figures tell too few of it where jobs come meanwhile. */
    private long mostEnded;

    public QueuePace(Clock clock) {
        this.clock = clock;
    }

    /**
     * From one end of jobs to the next while all slots had work.
     *
     * @param counts whether it says something of the rate; an outage of workers does not
     */
    private record Stretch(Instant end, Duration length, long ended, boolean counts) {}

    /** Takes the next figures. */
    public synchronized void measured(QueueBacklog now) {
        QueueBacklog before = last;
        last = now;
        published.removeIf(moment -> !moment.isAfter(now.measuredAt()));
        stretches.removeIf(stretch -> stretch.end().plus(MEMORY).isBefore(now.measuredAt()));
        if (slots(now) == 0) {
            // Whoever comes next may be slower or faster.
            stretches.clear();
        }
        if (before == null || !isFull(before) || !isFull(now) || isGap(before, now)) {
            begun = false;
            mostEnded = ended(now);
            return;
        }
        long ended = Math.max(0, ended(now) - mostEnded);
        mostEnded += ended;
        takeInterval(Duration.between(before.measuredAt(), now.measuredAt()), ended, now.measuredAt());
    }

    /** Nobody knows whether the slots had work between figures that are so far apart. */
    private static boolean isGap(QueueBacklog before, QueueBacklog now) {
        return before.measuredAt().plus(FRESHNESS).isBefore(now.measuredAt());
    }

    private void takeInterval(Duration length, long ended, Instant end) {
        sinceLastEnd = begun ? sinceLastEnd.plus(length) : Duration.ZERO;
        if (ended == 0) {
            return;
        }
        if (begun) {
            stretches.addLast(new Stretch(end, sinceLastEnd, ended, isUsual(sinceLastEnd)));
        }
        begun = true;
        sinceLastEnd = Duration.ZERO;
    }

    private boolean isUsual(Duration silence) {
        Duration longest = stretches.stream()
                .map(Stretch::length)
                .max(Duration::compareTo)
                .orElse(silence)
                .multipliedBy(MOST_TIMES_THE_USUAL);
        return silence.compareTo(SHORT_SILENCE) <= 0 || silence.compareTo(longest) <= 0;
    }

    private static boolean isFull(QueueBacklog figures) {
        return slots(figures) > 0 && jobs(figures) >= slots(figures);
    }

    private static long jobs(QueueBacklog figures) {
        return figures.jobs().getOrDefault(Topics.INTERACTIVE_JOBS, 0L);
    }

    private static long ended(QueueBacklog figures) {
        return figures.ended().getOrDefault(Topics.INTERACTIVE_JOBS, 0L);
    }

    private static int slots(QueueBacklog figures) {
        return figures.slots().getOrDefault(Topics.INTERACTIVE_JOBS, 0);
    }

    /** Counts a job of this gateway, which the last figures can't have. */
    public synchronized void published() {
        Instant now = clock.instant();
        // Where no figures come: by then what is known is nothing.
        while (!published.isEmpty() && published.getFirst().plus(FRESHNESS).isBefore(now)) {
            published.removeFirst();
        }
        published.addLast(now);
    }

    /** How many jobs of this gateway the last figures can't have. */
    synchronized int notInFigures() {
        return published.size();
    }

    /**
     * Until a job that is published now has ended; zero while a slot is free for it. Empty while that is not known: Kafka does not
     * tell, no worker is there, or nothing has ended since all slots have work.
     */
    public synchronized Optional<Duration> expectedWait() {
        QueueBacklog figures = last;
        if (figures == null || figures.measuredAt().plus(FRESHNESS).isBefore(clock.instant()) || slots(figures) == 0) {
            return Optional.empty();
        }
        long jobs = jobs(figures) + notInFigures() + 1;
        if (jobs <= slots(figures)) {
            return Optional.of(Duration.ZERO);
        }
        return timeOfOne().map(time -> Duration.ofNanos(Math.round(jobs * time)));
    }

    /** How much time passes from one end to the next, in nanoseconds. */
    private Optional<Double> timeOfOne() {
        Duration time = Duration.ZERO;
        long ended = 0;
        Iterator<Stretch> newest = stretches.descendingIterator();
        while (newest.hasNext() && (time.compareTo(WINDOW) < 0 || ended < JOBS_OF_WINDOW)) {
            Stretch stretch = newest.next();
            if (stretch.counts()) {
                time = time.plus(stretch.length());
                ended += stretch.ended();
            }
        }
        return time.compareTo(LEAST_MEASURED) < 0 ? Optional.empty() : Optional.of((double) time.toNanos() / ended);
    }
}
