package io.docmill.platform.storage;

import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.record.ApiKeyRecord;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.DueRecord;
import io.docmill.model.record.DueWork;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.RecordCodec;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.RunFailureRecord;
import io.docmill.model.record.RunRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.model.record.UnreadableRecordException;
import io.docmill.model.storage.ObjectKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sources, artifacts and records as gateway and worker see them. What exists under a source's prefix is its state; every
 * write is one object. All methods block; each may throw {@link StorageUnavailableException}.
 */
public final class DocumentStore {
    private static final String NO_CONTENT_TYPE = "application/octet-stream";
    private static final byte[] NO_CONTENT = {};
    private static final int COPY_BYTES = 64 * 1024;

    private final ObjectStore objects;

    public DocumentStore(ObjectStore objects) {
        this.objects = objects;
    }

    /** The record of a source; empty if it does not exist or was deleted. */
    public Optional<FileRecord> findSource(ScopeId scope, SourceId source) {
        return find(ObjectKeys.source(scope, source), FileRecord.class);
    }

    /** Keeps a source with its record. */
    public void putSource(ScopeId scope, SourceId source, Path content, FileRecord record) {
        objects.put(ObjectKeys.source(scope, source), content, record.format().mediaType(), RecordCodec.encode(record));
    }

    /**
     * Keeps a source with its record, unless there is one with this id. Of several that do so at once, one creates it.
     *
     * <p>False does not say that the source is another one's: after a lost answer, an attempt finds what an earlier one of
     * the same caller has written. Who has to know compares {@link #findSource} with the record given here.
     *
     * @return whether this call created it
     */
    public boolean putSourceOnce(ScopeId scope, SourceId source, Path content, FileRecord record) {
        return objects.putIfAbsent(
                ObjectKeys.source(scope, source), content, record.format().mediaType(), RecordCodec.encode(record));
    }

    /**
     * Fetches the bytes of a source.
     *
     * @return false if it does not exist any more
     * @throws UncheckedIOException if the target can't be written
     */
    public boolean fetchSource(ScopeId scope, SourceId source, Path target) {
        Optional<InputStream> content = objects.open(ObjectKeys.source(scope, source));
        if (content.isEmpty()) {
            return false;
        }
        try (InputStream stream = content.get();
                OutputStream file = Files.newOutputStream(target)) {
            copy(stream, file, source);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("%s can't be written".formatted(target), e);
        }
    }

    /** Tells the two sides apart: storage that breaks off may be back soon, a full disk of ours is another matter. */
    private static void copy(InputStream content, OutputStream file, SourceId source) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        for (int length = read(content, buffer, source); length >= 0; length = read(content, buffer, source)) {
            file.write(buffer, 0, length);
        }
    }

    private static int read(InputStream content, byte[] buffer, SourceId source) {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            throw new StorageUnavailableException("Object storage broke off while reading " + source, e);
        }
    }

    /**
     * The ids of a scope's sources, newest first. A source that is being deleted may still be listed.
     *
     * @param after the id after which to begin, or null for the newest
     * @param limit how many at most
     */
    public List<SourceId> listSources(ScopeId scope, SourceId.Kind kind, @Nullable SourceId after, int limit) {
        String segment = after == null ? null : after.keySegment();
        return objects.folders(ObjectKeys.sources(scope, kind), segment, limit).stream()
                .map(name -> SourceId.ofKeySegment(kind, name))
                .toList();
    }

    /**
     * Deletes a source and all that was made from it: the source first (of a run before it the run itself), so that from
     * then on it does not exist, then what else tells of it, then its conversions. Can be repeated.
     */
    public void deleteSource(ScopeId scope, SourceId source) {
        if (source.kind() == SourceId.Kind.RUN) {
            // Who delivers an output looks at the run after writing it, and so takes back what came behind this delete.
            objects.delete(ObjectKeys.run(scope, source));
        }
        String prefix = ObjectKeys.sourcePrefix(scope, source);
        objects.delete(ObjectKeys.source(scope, source));
        objects.keys(prefix).stream()
                .sorted(Comparator.comparing(key -> key.indexOf('/', prefix.length()) >= 0))
                .forEach(objects::delete);
    }

    /** A run, whether it has an output or not. */
    public Optional<RunRecord> findRun(ScopeId scope, SourceId run) {
        return find(ObjectKeys.run(scope, run), RunRecord.class);
    }

    /** Keeps a new run. */
    public void putRun(ScopeId scope, SourceId run, RunRecord record) {
        put(ObjectKeys.run(scope, run), record);
    }

    /** How a run failed; empty if it was not told to have. An output that exists all the same wins. */
    public Optional<RunFailureRecord> findRunFailure(ScopeId scope, SourceId run) {
        return find(ObjectKeys.runFailure(scope, run), RunFailureRecord.class);
    }

    /** Keeps that a run has failed, replacing what is there. */
    public void putRunFailure(ScopeId scope, SourceId run, RunFailureRecord record) {
        put(ObjectKeys.runFailure(scope, run), record);
    }

    /** The result of a conversion. */
    public Optional<ArtifactRecord> findArtifact(ScopeId scope, ConversionId conversion) {
        return find(ObjectKeys.artifact(scope, conversion), ArtifactRecord.class);
    }

    /** Keeps the result of a conversion, replacing an earlier one. */
    public void putArtifact(ScopeId scope, ConversionId conversion, Path content, ArtifactRecord record) {
        objects.put(ObjectKeys.artifact(scope, conversion), content, record.contentType(), RecordCodec.encode(record));
    }

    /**
     * To be called after something of a conversion was written: a delete of its source that did not see that is seen here. Can be
     * repeated.
     *
     * @return false if the source has gone; then nothing of the conversion is left
     */
    public boolean keepWhileSourceStays(ScopeId scope, ConversionId conversion) {
        boolean stays = findSource(scope, conversion.source()).isPresent();
        if (!stays) {
            deleteConversion(scope, conversion);
        }
        return stays;
    }

    /** Deletes all that is kept of a conversion whose source has gone. Can be repeated. */
    public void deleteConversion(ScopeId scope, ConversionId conversion) {
        objects.keys(ObjectKeys.conversion(scope, conversion)).forEach(objects::delete);
    }

    /** The last failed or canceled attempt at a conversion. */
    public Optional<FailureRecord> findFailure(ScopeId scope, ConversionId conversion) {
        return find(ObjectKeys.failure(scope, conversion), FailureRecord.class);
    }

    /** Keeps a failed attempt, replacing an earlier one. */
    public void putFailure(ScopeId scope, ConversionId conversion, FailureRecord record) {
        put(ObjectKeys.failure(scope, conversion), record);
    }

    /** The last accepted attempt at a conversion. */
    public Optional<RequestRecord> findRequest(ScopeId scope, ConversionId conversion) {
        return find(ObjectKeys.request(scope, conversion), RequestRecord.class);
    }

    /** Keeps an accepted attempt, replacing an earlier one. */
    public void putRequest(ScopeId scope, ConversionId conversion, RequestRecord record) {
        put(ObjectKeys.request(scope, conversion), record);
    }

    /** All that is kept of how a conversion stands. */
    public ConversionState conversionState(ScopeId scope, ConversionId conversion) {
        return conversionState(
                scope, conversion, findArtifact(scope, conversion).orElse(null));
    }

    /**
     * All that is kept of how a conversion stands.
     *
     * @param artifact its result as it was found just now, or null if there was none
     */
    public ConversionState conversionState(ScopeId scope, ConversionId conversion, @Nullable ArtifactRecord artifact) {
        return new ConversionState(
                artifact,
                findFailure(scope, conversion).orElse(null),
                findRequest(scope, conversion).orElse(null));
    }

    /** The API key with this SHA-256. */
    public Optional<ApiKeyRecord> findApiKey(String sha256) {
        return find(ObjectKeys.apiKey(sha256), ApiKeyRecord.class);
    }

    /** The SHA-256 of every API key, revoked ones too, in no order that means anything. */
    public List<String> listApiKeys() {
        return objects.keys(ObjectKeys.API_KEYS).stream()
                .map(key -> key.substring(ObjectKeys.API_KEYS.length()))
                .toList();
    }

    /** Keeps an API key, replacing what is there. */
    public void putApiKey(String sha256, ApiKeyRecord record) {
        put(ObjectKeys.apiKey(sha256), record);
    }

    /** Keeps a job that was given up for a person to look at. */
    public void putDeadLetter(StoredDeadLetter letter) {
        objects.put(ObjectKeys.deadLetter(letter.job().attempt()), MessageCodec.encode(letter), "application/json");
    }

    /**
     * The attempts that were given up, newest first.
     *
     * @param after the attempt after which to begin, or null for the newest
     * @param limit how many at most
     */
    public List<AttemptId> listDeadLetters(@Nullable AttemptId after, int limit) {
        String start = after == null ? null : ObjectKeys.deadLetter(after);
        return objects.keysAfter(ObjectKeys.DEAD_LETTERS, start, limit).stream()
                .map(key -> AttemptId.ofKeySegment(key.substring(ObjectKeys.DEAD_LETTERS.length())))
                .toList();
    }

    /** The job of an attempt that was given up; empty if there is none any more. */
    public Optional<StoredDeadLetter> findDeadLetter(AttemptId attempt) {
        return objects.open(ObjectKeys.deadLetter(attempt)).map(content -> {
            try (content) {
                return MessageCodec.decodeDeadLetter(content.readAllBytes());
            } catch (IOException e) {
                throw new StorageUnavailableException("Object storage broke off while reading a dead letter", e);
            }
        });
    }

    /** Forgets a job that was given up. */
    public void removeDeadLetter(AttemptId attempt) {
        objects.delete(ObjectKeys.deadLetter(attempt));
    }

    /** Keeps what is to be done, never before the time named and up to a minute later; replaces the same work of that minute. */
    public void putDue(Instant at, DueWork work) {
        String key = switch (work) {
            case DueWork.RepeatDelete delete -> ObjectKeys.dueDelete(at, delete.scope(), delete.source());
            case DueWork.ExpireSource expiry ->
                ObjectKeys.dueExpiry(at, expiry.scope(), expiry.conversion().source());
        };
        put(key, new DueRecord(StoredRecord.VERSION, work));
    }

    /**
     * The keys of what is due by now, what has been due longest first.
     *
     * @param limit how many at most
     */
    public List<String> listDue(Instant now, int limit) {
        return objects.keysBefore(ObjectKeys.DUE, ObjectKeys.endOfDue(now), limit);
    }

    /** What is to be done; empty if it was done meanwhile. */
    public Optional<DueWork> findDue(String key) {
        return find(key, DueRecord.class).map(DueRecord::work);
    }

    /** Forgets what was to be done. */
    public void removeDue(String key) {
        objects.delete(key);
    }

    private void put(String key, StoredRecord record) {
        objects.put(key, NO_CONTENT, NO_CONTENT_TYPE, RecordCodec.encode(record));
    }

    private <T extends StoredRecord> Optional<T> find(String key, Class<T> type) {
        return objects.head(key).map(head -> {
            if (head.record() == null) {
                throw new UnreadableRecordException(
                        "the object %s has no record; Docmill did not write it".formatted(key));
            }
            return RecordCodec.decode(head.record(), type);
        });
    }
}
