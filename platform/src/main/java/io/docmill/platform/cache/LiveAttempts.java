package io.docmill.platform.cache;

import io.docmill.model.cache.RedisKeys;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.json.Json;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;

/**
 * The attempts that are under way: who publishes them (leases of gateways) and who runs them (marks of workers). Every method is
 * one round trip and fails when Redis is away; then each gateway joins only its own callers, jobs run unmarked, and a duplicate
 * costs one conversion. Thread-safe; nothing blocks.
 */
public final class LiveAttempts {
    /** How long a claim holds that its gateway does not renew. */
    public static final Duration CLAIM_TTL = Duration.ofSeconds(10);

    /** How long a publication is believed in while nothing is heard of it. */
    public static final Duration PUBLISHED_TTL = Duration.ofMinutes(10);

    /** How long a mark holds that its worker does not renew. */
    public static final Duration MARK_TTL = Duration.ofSeconds(30);

    /**
     * Attempts are ULIDs: digits and capitals, which every locale orders alike. Leaves a trace with what Redis holds of the source,
     * where that is complete.
     */
    private static final String CLAIM = """
            local held = redis.call('GET', KEYS[1])
            if held and (ARGV[3] == '' or cjson.decode(held).attempt > ARGV[3]) then return held end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            if redis.call('HEXISTS', KEYS[2], ARGV[4]) == 1 then redis.call('HSET', KEYS[2], ARGV[5], '1') end
            return ''
            """;

    /** A renewal that comes late does not make a claim of what is published. */
    private static final String RENEW = """
            local held = cjson.decode(redis.call('GET', KEYS[1]) or '{}')
            if held.attempt ~= ARGV[1] or held.state ~= 'claimed' then return 0 end
            return redis.call('PEXPIRE', KEYS[1], ARGV[2])
            """;

    /** Only where the claim stands: a worker may have answered the job, and have taken its lease away, before this is told. */
    private static final String PUBLISHED = """
            local held = redis.call('GET', KEYS[1])
            if not held or cjson.decode(held).attempt ~= ARGV[3] then return 0 end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return 1
            """;

    private static final String RELEASE = """
            local held = redis.call('GET', KEYS[1])
            if not held or cjson.decode(held).attempt ~= ARGV[1] then return 0 end
            return redis.call('DEL', KEYS[1])
            """;

    private static final String LOOK = "return {redis.call('GET', KEYS[1]) or '', redis.call('GET', KEYS[2]) or ''}";

    /**
     * What scripts ask of two marks. A delivery is told from a later one by its start where the counts are equal: a broker does not
     * keep the count of a record that is in a worker's hands, so after its restart the count may come twice.
     */
    private static final String MARKS = """
            local function is_same_record(one, other)
              return one.topic == other.topic and one.partition == other.partition and one.offset == other.offset
            end
            local function is_another_delivery(held, mine)
              return held.delivery_count > mine.delivery_count
                or held.delivery_count == mine.delivery_count and held.started_at ~= mine.started_at
            end
            """;

    /** Whoever got the same record later has it; of two records the one that came first has, until its attempt has ended. */
    private static final String MARK = MARKS + """
            local mine = cjson.decode(ARGV[1])
            local held = redis.call('GET', KEYS[1])
            if held then
              local other = cjson.decode(held)
              if is_same_record(other, mine) then
                if other.delivery_count > mine.delivery_count then return held end
              elseif ARGV[3] == '' or other.attempt > ARGV[3] then return held end
            end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return ''
            """;

    private static final String RENEW_MARK = MARKS + """
            local mine = cjson.decode(ARGV[1])
            local held = redis.call('GET', KEYS[1])
            if held then
              local other = cjson.decode(held)
              if not is_same_record(other, mine) or is_another_delivery(other, mine) then return held end
            end
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return ''
            """;

    private static final String UNMARK = MARKS + """
            local mine = cjson.decode(ARGV[1])
            local held = redis.call('GET', KEYS[1])
            if not held then return 1 end
            local other = cjson.decode(held)
            if not is_same_record(other, mine) then return 1 end
            if is_another_delivery(other, mine) then return 0 end
            redis.call('DEL', KEYS[1])
            return 1
            """;

    private static final String END = MARKS + """
            local mine = cjson.decode(ARGV[1])
            local held = redis.call('GET', KEYS[2])
            if held then
              local other = cjson.decode(held)
              if is_same_record(other, mine) and not is_another_delivery(other, mine) then redis.call('DEL', KEYS[2]) end
            end
            local lease = redis.call('GET', KEYS[1])
            if lease and cjson.decode(lease).attempt == mine.attempt then redis.call('DEL', KEYS[1]) end
            return 1
            """;

    private final RedisConnection redis;

    public LiveAttempts(RedisConnection redis) {
        this.redis = redis;
    }

    /**
     * What is under way of a conversion.
     *
     * @param lease who publishes it, or null if nobody does
     * @param mark who runs it, or null if nobody does
     */
    public record Found(@Nullable Lease lease, @Nullable RunningMark mark) {}

    /** Looks what is under way. */
    public CompletionStage<Found> find(ScopeId scope, ConversionId conversion) {
        return redis.<List<Object>>run(RScript.Mode.READ_ONLY, LOOK, RScript.ReturnType.LIST, both(scope, conversion))
                .thenApply(answer -> new Found(
                        read(answer.get(0), Lease.class).orElse(null),
                        read(answer.get(1), RunningMark.class).orElse(null)));
    }

    /**
     * Claims the publication of an attempt, for {@link #CLAIM_TTL}.
     *
     * @param claim the lease to take, in the state {@code CLAIMED}
     * @param ended the latest attempt of which storage tells that it has ended, or null: a lease of that attempt or an earlier one
     *     is dead
     * @return the lease that is held by someone else; empty if the claim was taken
     */
    public CompletionStage<Optional<Lease>> claim(
            ScopeId scope, ConversionId conversion, Lease claim, @Nullable AttemptId ended) {
        return redis.<String>run(
                        RScript.Mode.READ_WRITE,
                        CLAIM,
                        RScript.ReturnType.VALUE,
                        List.of(RedisKeys.lease(scope, conversion), RedisKeys.document(scope, conversion.source())),
                        Json.text(claim),
                        millis(CLAIM_TTL),
                        ended == null ? "" : ended.toString(),
                        RedisKeys.COMPLETE_FIELD,
                        RedisKeys.openedField(conversion))
                .thenApply(held -> read(held, Lease.class));
    }

    /** Keeps a claim whose publication takes its time; false if it has lapsed. */
    public CompletionStage<Boolean> renewClaim(ScopeId scope, ConversionId conversion, AttemptId attempt) {
        return redis.run(
                RScript.Mode.READ_WRITE,
                RENEW,
                RScript.ReturnType.BOOLEAN,
                lease(scope, conversion),
                attempt.toString(),
                millis(CLAIM_TTL));
    }

    /** Tells that the queue has the job, for {@link #PUBLISHED_TTL}; false if the claim does not stand any more. */
    public CompletionStage<Boolean> published(ScopeId scope, ConversionId conversion, Lease claim) {
        return redis.run(
                RScript.Mode.READ_WRITE,
                PUBLISHED,
                RScript.ReturnType.BOOLEAN,
                lease(scope, conversion),
                Json.text(claim.published()),
                millis(PUBLISHED_TTL),
                claim.attempt().toString());
    }

    /** Gives up a lease, if it is this attempt's: the job could not be published. */
    public CompletionStage<Boolean> release(ScopeId scope, ConversionId conversion, AttemptId attempt) {
        return redis.run(
                RScript.Mode.READ_WRITE,
                RELEASE,
                RScript.ReturnType.BOOLEAN,
                lease(scope, conversion),
                attempt.toString());
    }

    /**
     * Marks an attempt as running, for {@link #MARK_TTL}. The same record with the same or a higher delivery count takes a mark
     * over: its former holder is dead, or learns of it at its next renewal.
     *
     * @param ended the latest attempt of which storage tells that it has ended, or null: another record's mark of that attempt or
     *     an earlier one is dead
     * @return the mark of someone else who runs the conversion: another record, or a later delivery of this one; empty if the mark
     *     is ours
     */
    public CompletionStage<Optional<RunningMark>> mark(
            ScopeId scope, ConversionId conversion, RunningMark mark, @Nullable AttemptId ended) {
        return redis.<String>run(
                        RScript.Mode.READ_WRITE,
                        MARK,
                        RScript.ReturnType.VALUE,
                        mark(scope, conversion),
                        Json.text(mark),
                        millis(MARK_TTL),
                        ended == null ? "" : ended.toString())
                .thenApply(held -> read(held, RunningMark.class));
    }

    /**
     * Keeps a mark for another {@link #MARK_TTL}, or makes it again if it has lapsed.
     *
     * @return the mark of someone else: a later delivery of this record, whose the job is now, or another record, which came while
     *     this mark had lapsed; empty if the mark is ours
     */
    public CompletionStage<Optional<RunningMark>> renewMark(ScopeId scope, ConversionId conversion, RunningMark mark) {
        return redis.<String>run(
                        RScript.Mode.READ_WRITE,
                        RENEW_MARK,
                        RScript.ReturnType.VALUE,
                        mark(scope, conversion),
                        Json.text(mark),
                        millis(MARK_TTL))
                .thenApply(held -> read(held, RunningMark.class));
    }

    /**
     * Removes the mark of a record that goes back into the queue, whose lease stays.
     *
     * @return false if a later delivery of the record has it; true if no mark of this record is left
     */
    public CompletionStage<Boolean> unmark(ScopeId scope, ConversionId conversion, RunningMark mark) {
        return redis.run(
                RScript.Mode.READ_WRITE, UNMARK, RScript.ReturnType.BOOLEAN, mark(scope, conversion), Json.text(mark));
    }

    /**
     * Removes the mark of a record, if it is that record's, and its attempt's lease: from here on nobody waits for this record. Also
     * for a record that is dropped because another one runs.
     */
    public CompletionStage<?> end(ScopeId scope, ConversionId conversion, RunningMark mark) {
        return redis.run(
                RScript.Mode.READ_WRITE, END, RScript.ReturnType.LONG, both(scope, conversion), Json.text(mark));
    }

    private static List<Object> lease(ScopeId scope, ConversionId conversion) {
        return List.of(RedisKeys.lease(scope, conversion));
    }

    private static List<Object> mark(ScopeId scope, ConversionId conversion) {
        return List.of(RedisKeys.mark(scope, conversion));
    }

    private static List<Object> both(ScopeId scope, ConversionId conversion) {
        return List.of(RedisKeys.lease(scope, conversion), RedisKeys.mark(scope, conversion));
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }

    /** What can't be read was written by a newer Docmill during an upgrade: as good as absent. */
    private static <T> Optional<T> read(@Nullable Object json, Class<T> type) {
        if (json == null || json.toString().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(json.toString(), type));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
