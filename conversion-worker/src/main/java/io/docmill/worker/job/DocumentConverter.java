package io.docmill.worker.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.TooComplex;
import io.docmill.model.conversion.ConversionFailure.TooComplex.Limit;
import io.docmill.model.conversion.ConversionOption;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.security.ServiceKey;
import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.job.SourceCheck.Verdict;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the document of a job through the engine and tells what that means. Thread-safe. */
public final class DocumentConverter {
    private static final Logger log = LoggerFactory.getLogger(DocumentConverter.class);

    /** A crash may be the fault of the process, a second one on a fresh process is that of the document. */
    private static final int RUNS = 2;

    private final ConversionPlanner planner = new ConversionPlanner();
    private final SourceCheck check = new SourceCheck();
    private final ConversionEngine engine;
    private final ServiceKey serviceKey;
    private final long memoryLimit;
    private final JobMetrics metrics;

    /** @param memoryLimit most resident memory of one document's processes, in bytes */
    public DocumentConverter(ConversionEngine engine, ServiceKey serviceKey, long memoryLimit, JobMetrics metrics) {
        this.engine = engine;
        this.serviceKey = serviceKey;
        this.memoryLimit = memoryLimit;
        this.metrics = metrics;
    }

    /** What became of a document. */
    sealed interface Result {
        /** There is a file. */
        record Converted(Path file, OptionalInt pages) implements Result {}

        /** There is none. */
        record NotConverted(ConversionFailure failure) implements Result {}
    }

    /** What converts, as told to callers. */
    String engineDescription() {
        return engine.description();
    }

    /**
     * Checks the document that lies in a workspace and converts it; a crash is tried once more.
     *
     * @param runs is told what each run took
     * @throws WorkspaceUnavailableException if the disk is full
     * @throws JobStoppedException if the job was stopped or the engine closed
     */
    Result convert(ConversionJob job, JobWorkspace workspace, JobRuns runs, Cancellation cancellation) {
        Optional<String> password = Optional.empty();
        if (job.sealedPassword() != null) {
            password =
                    serviceKey.openPassword(job.sealedPassword(), job.attempt().toString());
            if (password.isEmpty()) {
                log.error(
                        "The password of a job can't be opened: gateway and worker have different service keys."
                                + " Set DOCMILL_SERVICE_KEY to the same value everywhere; docs/deployment.md tells how to change it.");
                return new Result.NotConverted(new ConversionFailure.Interrupted());
            }
        }
        return switch (check.check(job, workspace, password)) {
            case Verdict.Refused(var failure) -> new Result.NotConverted(failure);
            case Verdict.Ready document -> convert(job, document, workspace, runs, cancellation);
        };
    }

    private Result convert(
            ConversionJob job,
            Verdict.Ready document,
            JobWorkspace workspace,
            JobRuns runs,
            Cancellation cancellation) {
        EngineOutcome outcome = run(job, document, workspace, runs, cancellation);
        for (int run = 2; run <= RUNS && outcome instanceof EngineOutcome.Crashed; run++) {
            outcome = run(job, document, workspace, runs, cancellation);
        }
        return result(job, document, outcome);
    }

    private static PlanOptions options(ConversionJob job, Optional<String> password) {
        PlanOptions options = PlanOptions.DEFAULT.withTagged(job.options().isSet(ConversionOption.TAGGED));
        return password.map(options::withPassword).orElse(options);
    }

    private EngineOutcome run(
            ConversionJob job,
            Verdict.Ready document,
            JobWorkspace workspace,
            JobRuns runs,
            Cancellation cancellation) {
        PlanOptions options = options(job, document.password());
        var plan = planner.plan(document.file(), document.format(), workspace.output(), job.format(), options);
        try {
            EngineOutcome outcome = cancellation.await(engine.start(
                    plan,
                    new ConversionLimits(job.timeout(), memoryLimit),
                    new Tenant(job.scope().toString())));
            metrics.ran(job, label(outcome), outcome.usage());
            runs.add(outcome.usage());
            return outcome;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobStoppedException(e);
        }
    }

    private static Result result(ConversionJob job, Verdict.Ready document, EngineOutcome outcome) {
        return switch (outcome) {
            case EngineOutcome.Converted converted -> new Result.Converted(converted.output(), converted.pages());
            case EngineOutcome.LoadRefused _ -> new Result.NotConverted(document.refusal());
            case EngineOutcome.StoreRefused _ -> new Result.NotConverted(new ConversionFailure.Corrupt());
            case EngineOutcome.TimedOut _ -> tooComplex(job, Limit.TIME);
            case EngineOutcome.MemoryExceeded _ -> tooComplex(job, Limit.MEMORY);
            case EngineOutcome.OutputTooLarge _ -> tooComplex(job, Limit.OUTPUT_SIZE);
            case EngineOutcome.Crashed _ -> new Result.NotConverted(new ConversionFailure.EngineCrashed(RUNS));
            case EngineOutcome.NoRoom _ ->
                throw new WorkspaceUnavailableException("LibreOffice can't write, the disk is full");
            case EngineOutcome.Killed _ -> throw new JobStoppedException(null);
        };
    }

    private static Result tooComplex(ConversionJob job, Limit limit) {
        return new Result.NotConverted(new TooComplex(limit, job.timeoutSeconds()));
    }

    private static String label(EngineOutcome outcome) {
        return switch (outcome) {
            case EngineOutcome.Converted _ -> "converted";
            case EngineOutcome.LoadRefused _ -> "load_refused";
            case EngineOutcome.StoreRefused _ -> "store_refused";
            case EngineOutcome.OutputTooLarge _ -> "output_too_large";
            case EngineOutcome.NoRoom _ -> "no_room";
            case EngineOutcome.Killed _ -> "killed";
            case EngineOutcome.TimedOut _ -> "timed_out";
            case EngineOutcome.MemoryExceeded _ -> "memory_exceeded";
            case EngineOutcome.Crashed _ -> "crashed";
        };
    }
}
