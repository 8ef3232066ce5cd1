package io.docmill.gateway.key;

import io.docmill.gateway.list.Page;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.ApiKeyRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.model.security.ApiKey;
import io.docmill.platform.storage.DocumentStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API keys in storage. All methods block; each may throw {@code StorageUnavailableException}. Thread-safe. */
public final class StoredKeys {
    private static final Logger log = LoggerFactory.getLogger(StoredKeys.class);

    /** Keys are stored by their hash, so a list has to look at each: so many at a time. */
    private static final int LOOKS_AT_A_TIME = 16;

    private static final Comparator<StoredKey> NEWEST_FIRST = Comparator.<StoredKey, Instant>comparing(
                    key -> key.record().createdAt())
            .reversed()
            .thenComparing(key -> key.id().sha256());

    private final DocumentStore documents;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public StoredKeys(DocumentStore documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /**
     * A key that was just made.
     *
     * @param key the key, which is told this once
     * @param stored what is kept of it
     */
    public record NewKey(ApiKey key, StoredKey stored) {}

    /** Makes a key for a scope. */
    public NewKey create(String name, ApiKeyRecord.ScopeKind kind, ScopeId scope, ApiKeyRecord.Role role) {
        return put(ApiKey.generate(random), name, kind, scope, role);
    }

    private NewKey put(ApiKey key, String name, ApiKeyRecord.ScopeKind kind, ScopeId scope, ApiKeyRecord.Role role) {
        var record = new ApiKeyRecord(StoredRecord.VERSION, name, kind, scope, role, now(), null);
        documents.putApiKey(key.sha256(), record);
        return new NewKey(key, new StoredKey(new KeyId(key.sha256()), record));
    }

    /** Makes sure that this key exists; a new one may operate the service. One that was revoked stays revoked. */
    public void ensureOperator(ApiKey key) {
        Optional<StoredKey> found = find(new KeyId(key.sha256()));
        if (found.isEmpty()) {
            put(
                    key,
                    "bootstrap operator",
                    ApiKeyRecord.ScopeKind.PERSONAL,
                    ScopeId.create(),
                    ApiKeyRecord.Role.OPERATOR);
            log.info("Made the operator key that the configuration names");
        } else if (!found.get().operates()) {
            log.warn("The operator key that the configuration names was revoked, and stays so: configure another one,"
                    + " or none");
        }
    }

    /** A key, revoked or not. */
    public Optional<StoredKey> find(KeyId id) {
        return documents.findApiKey(id.sha256()).map(record -> new StoredKey(id, record));
    }

    /**
     * Keys, newest first; revoked ones too.
     *
     * @param after the key to go on after, or null for the newest
     * @return empty if there is no such key
     */
    public Optional<Page<StoredKey>> list(@Nullable KeyId after, int limit) {
        List<StoredKey> all = all();
        List<KeyId> ids = all.stream().map(StoredKey::id).toList();
        int start = after == null ? 0 : ids.indexOf(after) + 1;
        if (after != null && start == 0) {
            return Optional.empty();
        }
        List<StoredKey> page = all.subList(start, Math.min(all.size(), start + limit + 1));
        List<KeyId> pageIds = page.stream().map(StoredKey::id).toList();
        return Optional.of(Page.of(pageIds, limit, id -> Optional.of(page.get(pageIds.indexOf(id)))));
    }

    private List<StoredKey> all() {
        return documents.listApiKeys().stream()
                .gather(Gatherers.mapConcurrent(LOOKS_AT_A_TIME, sha256 -> find(new KeyId(sha256))))
                .flatMap(Optional::stream)
                .sorted(NEWEST_FIRST)
                .toList();
    }

    /** Writes that a key opens nothing from now on; of one that was revoked before, since when. */
    StoredKey revoke(StoredKey key) {
        if (key.record().revokedAt() != null) {
            return key;
        }
        StoredKey revoked = new StoredKey(key.id(), key.record().revoked(now()));
        documents.putApiKey(key.id().sha256(), revoked.record());
        return revoked;
    }

    /** Whether this is the only key left that operates the service. */
    boolean isLastOperator(StoredKey key) {
        return key.operates()
                && all().stream()
                        .noneMatch(other -> other.operates() && !other.id().equals(key.id()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
