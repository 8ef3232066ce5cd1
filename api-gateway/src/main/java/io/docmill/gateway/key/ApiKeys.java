package io.docmill.gateway.key;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.ApiKeyRecord;
import io.docmill.model.security.ApiKey;
import io.docmill.platform.cache.ApiKeyCache;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who calls. A key is looked up in this process (5 s), then in Redis (5 min), then in storage; a revocation (see {@link
 * KeyRevocation}) so holds within 10 s. While storage is down a verdict up to 15 min old holds.
 */
public final class ApiKeys {
    private static final Logger log = LoggerFactory.getLogger(ApiKeys.class);

    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration UNKNOWN_FRESH = Duration.ofMinutes(1);
    private static final Duration USABLE_IN_AN_OUTAGE = Duration.ofMinutes(15);
    private static final int MOST_VERDICTS = 100_000;

    private final DocumentStore documents;
    private final ApiKeyCache redis;
    private final BlockingCalls blocking;
    private final Clock clock;
    private final Cache<String, Verdict> verdicts = Caffeine.newBuilder()
            .maximumSize(MOST_VERDICTS)
            .expireAfterWrite(USABLE_IN_AN_OUTAGE)
            .build();

    /** Keys of which a notice told that they were revoked. Redis may hold one for 5 min more, a verdict for 15. */
    private final Cache<String, Boolean> refused = Caffeine.newBuilder()
            .maximumSize(MOST_VERDICTS)
            .expireAfterWrite(USABLE_IN_AN_OUTAGE)
            .build();

    public ApiKeys(DocumentStore documents, ApiKeyCache redis, BlockingCalls blocking, Clock clock) {
        this.documents = documents;
        this.redis = redis;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * Who calls.
     *
     * @param key which key it was
     * @param scope what the key sees
     * @param role what it may do
     */
    public record Caller(KeyId key, ScopeId scope, ApiKeyRecord.Role role) {}

    private record Verdict(Optional<Caller> caller, Instant since) {
        boolean isFresh(Instant now) {
            return now.isBefore(since.plus(caller.isPresent() ? FRESH : UNKNOWN_FRESH));
        }
    }

    /** Who calls with this key; empty if it opens nothing. A mistyped key is told without looking anything up. */
    public Future<Optional<Caller>> authenticate(String text) {
        Optional<ApiKey> key = ApiKey.parse(text);
        if (key.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        String sha256 = key.get().sha256();
        if (refused.getIfPresent(sha256) != null) {
            return Future.succeededFuture(Optional.empty());
        }
        Verdict known = verdicts.getIfPresent(sha256);
        if (known != null && known.isFresh(clock.instant())) {
            return Future.succeededFuture(known.caller());
        }
        return lookUp(sha256)
                .map(record -> {
                    Optional<Caller> caller = record.filter(found -> found.revokedAt() == null)
                            .map(found -> new Caller(new KeyId(sha256), found.scope(), found.role()));
                    verdicts.put(sha256, new Verdict(caller, clock.instant()));
                    return caller;
                })
                .recover(outage -> {
                    if (known == null) {
                        return Future.failedFuture(outage);
                    }
                    log.warn("An API key could not be looked up ({}); its last verdict holds", outage.getMessage());
                    return Future.succeededFuture(known.caller());
                });
    }

    private Future<Optional<ApiKeyRecord>> lookUp(String sha256) {
        return blocking.onContext(redis.find(sha256))
                .recover(_ -> Future.succeededFuture(Optional.empty()))
                .compose(cached -> cached.isPresent()
                        ? Future.succeededFuture(cached)
                        : blocking.call(() -> documents.findApiKey(sha256))
                                .onSuccess(found -> found.ifPresent(record -> fill(sha256, record))));
    }

    private void fill(String sha256, ApiKeyRecord record) {
        redis.fill(sha256, record).exceptionally(outage -> {
            log.debug("Redis did not take an API key: {}", outage.toString());
            return false;
        });
    }

    /** Lets a key in no more, whatever Redis goes on to say: for as long as anything remembers it. */
    public void refuse(String sha256) {
        refused.put(sha256, true);
        verdicts.invalidate(sha256);
    }
}
