package io.docmill.gateway.conversion;

import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.platform.cache.Lease;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RunningMark;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a conversion.
 *
 * @param underWay what Redis says, or null if it can't be asked
 */
record Standing(
        ScopeId scope,
        ConversionId id,
        FileRecord source,
        ConversionState state,
        LiveAttempts.@Nullable Found underWay) {
    @Nullable
    Lease lease() {
        return underWay == null ? null : underWay.lease();
    }

    @Nullable
    RunningMark mark() {
        return underWay == null ? null : underWay.mark();
    }

    /** The latest attempt of which anything is known. */
    Optional<AttemptId> latest() {
        return Stream.of(
                        state.latestAttempt(),
                        Optional.ofNullable(lease()).map(Lease::attempt),
                        Optional.ofNullable(mark()).map(RunningMark::attempt))
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }

    /**
     * How it has ended, as a whole or for one attempt; empty if it has not. An attempt that was superseded by a later one
     * is not known any more: any artifact answers it, so that what was told as succeeded stays so. One that is later than
     * all that is known was accepted beside another one: it stands as the conversion does.
     */
    Optional<JobReply.Outcome> outcome(@Nullable AttemptId attempt) {
        if (attempt == null || isUnknown(attempt)) {
            return state.outcome();
        }
        return state.outcomeOf(attempt, isRefresh(attempt));
    }

    /** Whether it is later than every attempt of which anything is known. */
    boolean isUnknown(AttemptId attempt) {
        return latest().map(latest -> attempt.compareTo(latest) > 0).orElse(true);
    }

    private boolean isRefresh(AttemptId attempt) {
        RequestRecord request = state.request();
        if (request != null && request.attempt().equals(attempt)) {
            return request.refresh();
        }
        Lease lease = lease();
        return lease != null && lease.attempt().equals(attempt) && lease.refresh();
    }

    /** What was accepted and has not ended; empty if nothing was. */
    Optional<ConversionView.Pending> pending(@Nullable AttemptId attempt) {
        Instant startedAt = mark() == null ? null : mark().startedAt();
        RequestRecord request = state.request();
        Lease lease = lease();
        if (request != null && (lease == null || request.attempt().isSameOrLaterThan(lease.attempt()))) {
            return Optional.of(new ConversionView.Pending(
                    id,
                    request.format(),
                    request.options(),
                    attempt == null ? request.attempt() : attempt,
                    request.createdAt(),
                    startedAt));
        }
        return Optional.ofNullable(lease)
                .map(claimed -> new ConversionView.Pending(
                        id,
                        claimed.format(),
                        claimed.options(),
                        attempt == null ? claimed.attempt() : attempt,
                        claimed.createdAt(),
                        startedAt));
    }

    /** Whether the last accepted attempt has ended. */
    boolean hasEnded(RequestRecord request) {
        return state.outcomeOf(request.attempt(), request.refresh()).isPresent();
    }
}
