package io.docmill.gateway.onecall;

import io.docmill.gateway.admission.QueueBusyException;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.gateway.conversion.ConversionRequest;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.conversion.ConversionService.Check;
import io.docmill.gateway.file.FileService;
import io.docmill.gateway.file.FileService.StoredFile;
import io.docmill.gateway.source.SourceDeletion;
import io.docmill.gateway.source.SourceExpiry;
import io.docmill.gateway.upload.UploadCheck;
import io.docmill.gateway.upload.UploadVerdict;
import io.docmill.gateway.upload.UploadedFile;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.FileRecord;
import io.vertx.core.Future;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploading and converting in one call. All that can be wrong with the call is found before anything is kept. Fails with
 * {@code StorageUnavailableException} or {@code QueueUnavailableException} when what it needs is away, with {@link
 * QueueBusyException} when the caller would wait in vain.
 */
public final class OneCallConversions {
    private static final Logger log = LoggerFactory.getLogger(OneCallConversions.class);

    private final UploadCheck check;
    private final FileService files;
    private final ConversionService conversions;
    private final SourceExpiry expiry;
    private final SourceDeletion deletion;
    private final BlockingCalls blocking;

    public OneCallConversions(
            UploadCheck check,
            FileService files,
            ConversionService conversions,
            SourceExpiry expiry,
            SourceDeletion deletion,
            BlockingCalls blocking) {
        this.check = check;
        this.files = files;
        this.conversions = conversions;
        this.expiry = expiry;
        this.deletion = deletion;
        this.blocking = blocking;
    }

    /**
     * What a document is sent for.
     *
     * @param format what to convert to, as the caller wrote it
     * @param options the other fields, as the caller wrote them
     * @param refusable whether the caller is refused where the conversion would not end while it waits
     * @param keep whether the document stays; otherwise it goes an hour after its conversion has ended, or by {@link #drop}
     */
    public record Wanted(String format, Map<String, String> options, boolean refusable, boolean keep) {
        public Wanted {
            options = Map.copyOf(options);
        }

        /** Never prints the options: a password may be among them. */
        @Override
        public String toString() {
            return "Wanted[%s, keep=%s]".formatted(format, keep);
        }
    }

    /** Checks a document and what is wanted of it, then keeps it. The file on disk stays the caller's. */
    public Future<Admission> admit(ScopeId scope, UploadedFile file, Wanted wanted) {
        return blocking.call(() -> switch (check.check(file)) {
            case UploadVerdict.Refused(var refusal) -> new Admission.Refused(refusal);
            case UploadVerdict.Accepted(var record) -> admit(scope, file, record, wanted);
        });
    }

    private Admission admit(ScopeId scope, UploadedFile file, FileRecord record, Wanted wanted) {
        SourceId id = SourceId.create(SourceId.Kind.FILE);
        return switch (conversions.check(id, record, wanted.format(), wanted.options())) {
            case Check.Invalid(var answer) -> new Admission.Invalid(answer);
            case Check.Valid(var conversion, var parameters) -> {
                if (wanted.refusable()) {
                    conversions.admitFirst(record, parameters);
                }
                if (!wanted.keep()) {
                    expiry.plan(scope, id, conversion);
                }
                files.store(scope, id, file, record);
                yield new Admission.Admitted(new StoredFile(id, record));
            }
        };
    }

    /** Converts a document that was admitted. */
    public Future<ConversionAnswer> convert(ConversionRequest request) {
        return conversions.convert(request);
    }

    /** Deletes a document that was not to be kept, with its result. What fails here is made good when the document expires. */
    public Future<Void> drop(ScopeId scope, SourceId id) {
        return blocking.run(() -> deletion.delete(scope, id)).otherwise(outage -> {
            log.warn("{} could not be deleted at once ({}); it expires within an hour or so", id, outage.toString());
            return null;
        });
    }
}
