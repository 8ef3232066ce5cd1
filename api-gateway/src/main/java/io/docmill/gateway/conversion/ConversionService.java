package io.docmill.gateway.conversion;

import io.docmill.gateway.admission.JobAdmission;
import io.docmill.gateway.admission.QueueBusyException;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.download.DownloadUrls;
import io.docmill.model.conversion.ConversionParameters;
import io.docmill.model.conversion.ConversionParameters.Reading;
import io.docmill.model.conversion.ConversionTable;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.FileRecord;
import io.docmill.model.security.ServiceKey;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.tracing.TraceSpan;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converting, as a caller sees it; the file to read first. A request is checked (source, then pair, then options), answered
 * from Redis or storage if it can be, and otherwise joins or begins an attempt and waits for it.
 */
public final class ConversionService {
    private static final Logger log = LoggerFactory.getLogger(ConversionService.class);

    private final DocumentStore documents;
    private final DocumentCache cache;
    private final ServiceKey serviceKey;
    private final Attempts attempts;
    private final AcceptedConversions accepted;
    private final Cancels cancels;
    private final Answers answers;
    private final BlockingCalls blocking;
    private final Clock clock;
    private final JobAdmission admission;
    private final AnswerMetrics metrics;

    /** What converting calls. */
    public record Dependencies(
            Vertx vertx,
            DocumentStore documents,
            DocumentCache cache,
            LiveAttempts live,
            JobPublisher jobs,
            InFlightConversions inFlight,
            ServiceKey serviceKey,
            DownloadUrls urls,
            BlockingCalls blocking,
            Neighbour storage,
            Clock clock,
            JobAdmission admission,
            MeterRegistry metrics) {}

    /** @param waitLimit how long any caller waits at most */
    public ConversionService(Dependencies with, Duration waitLimit) {
        documents = with.documents();
        cache = with.cache();
        serviceKey = with.serviceKey();
        blocking = with.blocking();
        clock = with.clock();
        admission = with.admission();
        metrics = new AnswerMetrics(with.metrics());
        answers = new Answers(cache, with.urls(), clock);
        Publications publications = new Publications(with.vertx(), with.jobs(), with.live(), admission);
        AttemptWatch watch = new AttemptWatch(with.vertx(), documents, with.live(), with.jobs(), blocking, clock);
        AttemptOpening opening = new AttemptOpening(
                documents,
                with.storage(),
                with.live(),
                publications,
                admission,
                watch,
                serviceKey,
                blocking,
                clock,
                waitLimit);
        attempts = new Attempts(with.vertx(), documents, with.inFlight(), opening, watch, answers, blocking, clock);
        Standings standings = new Standings(documents, with.live(), answers, blocking);
        accepted = new AcceptedConversions(standings, with.live(), publications, blocking, clock);
        cancels = new Cancels(standings, with.jobs(), with.inFlight(), blocking, clock);
    }

    /**
     * Converts, waiting no longer than the request says. Fails with {@code StorageUnavailableException} or {@code
     * QueueUnavailableException} when what it needs is away, with {@link QueueBusyException} when the job would wait in vain.
     */
    public Future<ConversionAnswer> convert(ConversionRequest request) {
        Check.Valid likely = likelyConversion(request).orElse(null);
        return look(request, likely == null ? null : likely.conversion())
                .compose(found -> sourceOf(request, found)
                        .compose(source -> source.isEmpty()
                                ? Future.succeededFuture(new ConversionAnswer.SourceNotFound())
                                : convert(request, source.get(), found, likely)))
                .onFailure(failure -> {
                    if (failure instanceof QueueBusyException) {
                        admission.refused();
                    }
                });
    }

    /**
     * Makes sure that the first conversion of a document that is not kept yet could end while its caller waits, as one that needs
     * no job always does.
     *
     * @throws QueueBusyException if not
     */
    public void admitFirst(FileRecord source, ConversionParameters parameters) {
        if (MissingPassword.endsAttemptsAt(source, parameters)) {
            return;
        }
        admission.refusal().ifPresent(refusal -> {
            admission.refused();
            throw refusal;
        });
    }

    /**
     * A conversion as it stands; empty if there is none in this scope.
     *
     * @param attempt the attempt to look at, or null for the conversion as a whole
     * @param requestId for the logs
     * @param span of the call
     */
    public Future<Optional<ConversionView>> find(
            ScopeId scope, ConversionId conversion, @Nullable AttemptId attempt, String requestId, TraceSpan span) {
        return accepted.find(scope, conversion, attempt, requestId, span);
    }

    /**
     * Cancels a conversion that has not ended, and tells how it stands then: what has ended stays as it is. Callers who wait for
     * the same conversion go on with a new attempt. Empty if there is none in this scope.
     *
     * @param attempt the attempt to cancel, or null for the latest
     */
    public Future<Optional<ConversionView>> cancel(
            ScopeId scope, ConversionId conversion, @Nullable AttemptId attempt) {
        return cancels.cancel(scope, conversion, attempt);
    }

    /** What a check of pair and options comes to. */
    public sealed interface Check {
        /** It can be converted so. */
        record Valid(ConversionId conversion, ConversionParameters parameters) implements Check {}

        /** It can't, as this answers. */
        record Invalid(ConversionAnswer answer) implements Check {}
    }

    /**
     * Checks pair and options, without a call to anything.
     *
     * @param id of the source, which need not be kept yet
     * @param source what is known of it
     * @param format what to convert to, as the caller wrote it
     * @param options as the caller wrote them
     */
    public Check check(SourceId id, FileRecord source, String format, Map<String, String> options) {
        return check(id, source, format, options, null);
    }

    private Check check(
            SourceId id, FileRecord source, String format, Map<String, String> options, Check.@Nullable Valid likely) {
        DocumentFormat target = ConversionTable.target(source.format(), format).orElse(null);
        if (target == null) {
            return new Check.Invalid(new ConversionAnswer.UnsupportedPair(source.format(), format));
        }
        return switch (ConversionParameters.read(source.format(), target, options)) {
            case Reading.Invalid(var violations) -> new Check.Invalid(new ConversionAnswer.InvalidOptions(violations));
            case Reading.Valid(var parameters) ->
                likely != null && likely.parameters().equals(parameters) ? likely : identified(id, parameters);
        };
    }

    private Future<ConversionAnswer> convert(
            ConversionRequest request, FileRecord source, DocumentCache.Found found, Check.@Nullable Valid likely) {
        return switch (check(request.source(), source, request.format(), request.options(), likely)) {
            case Check.Invalid(var answer) -> Future.succeededFuture(answer);
            case Check.Valid(var conversion, var parameters) -> {
                var wanted = new WantedConversion(
                        request.scope(),
                        conversion,
                        source,
                        parameters,
                        request.refusable(),
                        found.untouched(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        request.requestId(),
                        request.span());
                Optional<ConversionView> cached = answers.fromCache(wanted, found);
                cached.ifPresent(view -> metrics.fromRedis(wanted, view));
                yield cached.map(Future::succeededFuture)
                        .orElseGet(() -> attempts.await(wanted, request.waitLimit(), request.callerLeft())
                                .onSuccess(view -> metrics.pastRedis(wanted, view)))
                        .map(ConversionAnswer.Answered::new);
            }
        };
    }

    /**
     * The conversion that this request will turn out to be once its source is known, so that one round trip to Redis
     * fetches both. Empty for what can't be valid for any source.
     */
    private Optional<Check.Valid> likelyConversion(ConversionRequest request) {
        return DocumentFormat.of(request.format())
                .flatMap(target -> ConversionParameters.parse(target, request.options()))
                .map(parameters -> identified(request.source(), parameters));
    }

    private Check.Valid identified(SourceId source, ConversionParameters parameters) {
        String password = parameters.password();
        String hash = password == null ? null : serviceKey.hashPassword(source.toString(), password);
        return new Check.Valid(parameters.options().conversionOf(source, parameters.format(), hash), parameters);
    }

    /** Losing Redis costs time, never an answer. */
    private Future<DocumentCache.Found> look(ConversionRequest request, @Nullable ConversionId conversion) {
        return blocking.onContext(cache.find(request.scope(), request.source(), conversion))
                .recover(outage -> {
                    log.debug("Redis did not answer ({}); asking object storage instead", outage.toString());
                    return Future.succeededFuture(DocumentCache.Found.NOTHING);
                });
    }

    private Future<Optional<FileRecord>> sourceOf(ConversionRequest request, DocumentCache.Found found) {
        if (found.source() != null) {
            return Future.succeededFuture(Optional.of(found.source()));
        }
        return blocking.call(() -> documents.findSource(request.scope(), request.source()));
    }
}
