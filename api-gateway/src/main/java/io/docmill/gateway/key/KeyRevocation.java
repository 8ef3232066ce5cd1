package io.docmill.gateway.key;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.model.job.RevocationNotice;
import io.docmill.platform.cache.ApiKeyCache;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes keys back: in storage first, which is what holds, then wherever the key may be remembered. Redis is overwritten, and
 * every gateway is told through the queue, so that one of both is enough: a gateway that reads Redis finds the revocation there
 * within 5 s, and one whose Redis holds the key still knows better by the notice.
 */
public final class KeyRevocation {
    private static final Logger log = LoggerFactory.getLogger(KeyRevocation.class);
    private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofSeconds(1);

    /** Less than callers wait; the producer goes on trying. */
    private static final long LONGEST_NOTICE_SECONDS = 5;

    private final StoredKeys stored;
    private final ApiKeys keys;
    private final ApiKeyCache redis;
    private final RevocationPublisher notices;
    private final Vertx vertx;
    private final BlockingCalls blocking;
    private final Clock clock;

    public KeyRevocation(
            StoredKeys stored,
            ApiKeys keys,
            ApiKeyCache redis,
            RevocationPublisher notices,
            Vertx vertx,
            BlockingCalls blocking,
            Clock clock) {
        this.stored = stored;
        this.keys = keys;
        this.redis = redis;
        this.notices = notices;
        this.vertx = vertx;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** What becomes of a wish to revoke. */
    public enum Outcome {
        /** It opens nothing any more, everywhere within 10 s. Also if it was revoked before. */
        REVOKED,
        /** There is no such key. */
        NOT_FOUND,
        /** It is the only one left that operates the service, and stays. */
        LAST_OPERATOR,
        /** It is revoked, but neither Redis nor Kafka could tell the other gateways: they may let it in for 5 min more. */
        NOT_TOLD
    }

    /** Revokes a key. Fails with {@code StorageUnavailableException} if it is not revoked. */
    public Future<Outcome> revoke(KeyId id) {
        return blocking.call(() -> stored.find(id))
                .compose(found -> found.map(this::revoke).orElseGet(() -> Future.succeededFuture(Outcome.NOT_FOUND)));
    }

    private Future<Outcome> revoke(StoredKey key) {
        return blocking.call(() ->
                        stored.isLastOperator(key) ? Optional.<StoredKey>empty() : Optional.of(stored.revoke(key)))
                .compose(revoked ->
                        revoked.map(this::tell).orElseGet(() -> Future.succeededFuture(Outcome.LAST_OPERATOR)));
    }

    private Future<Outcome> tell(StoredKey revoked) {
        log.info("The key {} was revoked", revoked.id());
        String sha256 = revoked.id().sha256();
        keys.refuse(sha256);
        Future<Void> overwritten = blocking.onContext(redis.revoke(sha256, revoked.record()));
        overwritten.onFailure(outage -> overwriteLater(revoked, clock.instant().plus(ApiKeyCache.longestEntry())));
        Future<Void> noticed = notices.publish(new RevocationNotice(RevocationNotice.VERSION, sha256))
                .timeout(LONGEST_NOTICE_SECONDS, TimeUnit.SECONDS);
        return Future.any(overwritten, noticed).map(_ -> Outcome.REVOKED).otherwise(outage -> {
            log.error(
                    "The key {} is revoked in storage, but neither Redis nor Kafka could tell the other gateways ({})",
                    revoked.id(),
                    outage.getMessage());
            return Outcome.NOT_TOLD;
        });
    }

    /** For gateways that start once Redis is back and were not there for the notice; until what it holds has lapsed. */
    private void overwriteLater(StoredKey revoked, Instant end) {
        vertx.setTimer(
                PAUSE_BETWEEN_TRIES.toMillis(),
                _ -> redis.revoke(revoked.id().sha256(), revoked.record()).exceptionally(outage -> {
                    if (clock.instant().isBefore(end)) {
                        overwriteLater(revoked, end);
                    }
                    return null;
                }));
    }
}
