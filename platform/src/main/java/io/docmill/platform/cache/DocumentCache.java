package io.docmill.platform.cache;

import io.docmill.model.cache.RedisKeys;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.json.Json;
import io.docmill.model.record.FileRecord;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;
import org.redisson.client.codec.StringCodec;

/**
 * What Redis holds of sources and their conversions. Every method is one round trip and fails when Redis is away; callers
 * then do without. Thread-safe; nothing blocks.
 */
public final class DocumentCache {
    private static final Duration DOCUMENT_TTL = Duration.ofHours(1);
    private static final Duration GONE_TTL = Duration.ofMinutes(15);

    /** Past this, storage is asked again, so that a refresh elsewhere is seen. */
    private static final Duration LOOKED_UP_TTL = Duration.ofHours(1);

    /** Of a conversion's field: the artifact's attempt that a worker has written, so that nothing older is filled again. */
    private static final String NEWEST = ":newest";

    /**
     * Nothing is filled for what was deleted, a failure never replaces an artifact, and no artifact replaces a later one: a gateway
     * may have looked at storage just before a worker wrote.
     */
    private static final String FILL = """
            if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
            redis.call('EXPIRE', KEYS[1], ARGV[5])
            local new = cjson.decode(ARGV[4])
            local readable, held = pcall(cjson.decode, redis.call('HGET', KEYS[1], ARGV[3]) or '{}')
            local old = readable and held.artifact
            if old and (not new.artifact or new.artifact.attempt < old.attempt) then return 0 end
            local newest = redis.call('HGET', KEYS[1], ARGV[3] .. ARGV[6])
            if newest and (new.artifact or new.failure).attempt < newest then return 0 end
            redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
            return 1
            """;

    private static final String CREATE = """
            if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], ARGV[3], '1')
            return redis.call('EXPIRE', KEYS[1], ARGV[4])
            """;

    private static final String SUPERSEDE = """
            if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
            redis.call('HDEL', KEYS[1], ARGV[1])
            redis.call('HSET', KEYS[1], ARGV[1] .. ARGV[2], ARGV[3])
            return redis.call('EXPIRE', KEYS[1], ARGV[4])
            """;

    private static final String FORGET = """
            redis.call('SET', KEYS[2], '1', 'EX', ARGV[1])
            redis.call('DEL', KEYS[1])
            return 1
            """;

    private final RedisConnection redis;
    private final Clock clock;

    /** @param clock by which it is judged how old an entry is */
    public DocumentCache(RedisConnection redis, Clock clock) {
        this.redis = redis;
        this.clock = clock;
    }

    /**
     * What Redis holds.
     *
     * @param source the record of the source, or null if Redis does not hold it
     * @param conversion the conversion, or null if Redis does not hold it or storage should be asked again
     * @param untouched whether no attempt at the conversion was ever opened, as far as Redis knows: it has held the source since that
     *     was made. Where Redis was away meanwhile this may be wrong, so it may spare a look at storage, but decide nothing that
     *     can't be made good
     */
    public record Found(
            @Nullable FileRecord source, @Nullable CachedConversion conversion, boolean untouched) {
        /** What is found where Redis can't be asked. */
        public static final Found NOTHING = new Found(null, null, false);
    }

    /**
     * Looks for a source and one of its conversions.
     *
     * @param conversion null to look for the source alone
     */
    public CompletionStage<Found> find(ScopeId scope, SourceId source, @Nullable ConversionId conversion) {
        Set<String> fields = conversion == null
                ? Set.of(RedisKeys.SOURCE_FIELD)
                : Set.of(
                        RedisKeys.SOURCE_FIELD,
                        RedisKeys.COMPLETE_FIELD,
                        conversion.hash(),
                        conversion.hash() + NEWEST,
                        RedisKeys.openedField(conversion));
        return redis.call(
                        client -> client.<String, String>getMap(RedisKeys.document(scope, source), StringCodec.INSTANCE)
                                .getAllAsync(fields))
                .thenApply(values -> found(values, conversion));
    }

    /** Keeps a source that was just made, for an hour, unless it was deleted meanwhile. */
    public CompletionStage<Boolean> create(ScopeId scope, SourceId source, FileRecord record) {
        return redis.run(
                RScript.Mode.READ_WRITE,
                CREATE,
                RScript.ReturnType.BOOLEAN,
                keys(scope, source),
                RedisKeys.SOURCE_FIELD,
                Json.text(record),
                RedisKeys.COMPLETE_FIELD,
                String.valueOf(DOCUMENT_TTL.toSeconds()));
    }

    /**
     * Keeps a source and one of its conversions for an hour; false if the source was deleted meanwhile, or something newer of the
     * conversion is held.
     */
    public CompletionStage<Boolean> fill(
            ScopeId scope, ConversionId conversion, FileRecord record, CachedConversion cached) {
        return redis.run(
                RScript.Mode.READ_WRITE,
                FILL,
                RScript.ReturnType.BOOLEAN,
                keys(scope, conversion.source()),
                RedisKeys.SOURCE_FIELD,
                Json.text(record),
                conversion.hash(),
                Json.text(cached),
                String.valueOf(DOCUMENT_TTL.toSeconds()),
                NEWEST);
    }

    /** Drops what is held of a conversion, because storage now has this attempt's artifact; nothing older is taken any more. */
    public CompletionStage<Boolean> supersede(ScopeId scope, ConversionId conversion, AttemptId attempt) {
        return redis.run(
                RScript.Mode.READ_WRITE,
                SUPERSEDE,
                RScript.ReturnType.BOOLEAN,
                keys(scope, conversion.source()),
                conversion.hash(),
                NEWEST,
                attempt.toString(),
                String.valueOf(DOCUMENT_TTL.toSeconds()));
    }

    /** Drops all that is held of a source, and keeps it from being filled again while it is deleted. */
    public CompletionStage<?> forget(ScopeId scope, SourceId source) {
        return redis.run(
                RScript.Mode.READ_WRITE,
                FORGET,
                RScript.ReturnType.LONG,
                keys(scope, source),
                String.valueOf(GONE_TTL.toSeconds()));
    }

    private static List<Object> keys(ScopeId scope, SourceId source) {
        return List.of(RedisKeys.document(scope, source), RedisKeys.gone(scope, source));
    }

    private Found found(Map<String, String> values, @Nullable ConversionId conversion) {
        FileRecord source = read(values.get(RedisKeys.SOURCE_FIELD), FileRecord.class);
        CachedConversion cached =
                conversion == null ? null : read(values.get(conversion.hash()), CachedConversion.class);
        boolean stale =
                cached != null && cached.lookedUpAt().plus(LOOKED_UP_TTL).isBefore(clock.instant());
        boolean untouched =
                conversion != null && values.keySet().equals(Set.of(RedisKeys.SOURCE_FIELD, RedisKeys.COMPLETE_FIELD));
        return new Found(source, stale ? null : cached, untouched);
    }

    /** What can't be read was written by a newer Docmill during an upgrade: as good as absent. */
    private static <T> @Nullable T read(@Nullable String json, Class<T> type) {
        if (json == null) {
            return null;
        }
        try {
            return Json.read(json, type);
        } catch (UncheckedIOException e) {
            return null;
        }
    }
}
