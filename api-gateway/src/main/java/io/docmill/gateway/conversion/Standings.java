package io.docmill.gateway.conversion;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.FailureRecord;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import java.util.Optional;

/** Reads how conversions stand, for those who come back for them, and writes the end of those that are given up. */
final class Standings {
    private final DocumentStore documents;
    private final LiveAttempts live;
    private final Answers answers;
    private final BlockingCalls blocking;

    Standings(DocumentStore documents, LiveAttempts live, Answers answers, BlockingCalls blocking) {
        this.documents = documents;
        this.live = live;
        this.answers = answers;
        this.blocking = blocking;
    }

    /** How a conversion stands; empty if its source is not in this scope. */
    Future<Optional<Standing>> look(ScopeId scope, ConversionId id) {
        return blocking.onContext(live.find(scope, id))
                .otherwiseEmpty()
                .compose(underWay -> blocking.call(() -> documents
                        .findSource(scope, id.source())
                        // What is under way is looked at before what has ended, so that nothing is missed that ends in
                        // between.
                        .map(source ->
                                new Standing(scope, id, source, documents.conversionState(scope, id), underWay))));
    }

    /** How a conversion stands once more, by what storage says now. Blocks. */
    Standing again(Standing before) {
        return new Standing(
                before.scope(),
                before.id(),
                before.source(),
                documents.conversionState(before.scope(), before.id()),
                before.underWay());
    }

    /** What its caller sees of a conversion that has ended. */
    ConversionView view(Standing standing, JobReply.Outcome outcome) {
        boolean alone = standing.state().artifact() == null;
        return answers.view(standing.scope(), standing.id(), standing.source(), outcome, true, alone);
    }

    /** Writes a failure; false if the source has gone meanwhile, and then nothing of the conversion is left. Blocks. */
    boolean keep(Standing standing, FailureRecord failure) {
        documents.putFailure(standing.scope(), standing.id(), failure);
        return documents.keepWhileSourceStays(standing.scope(), standing.id());
    }
}
