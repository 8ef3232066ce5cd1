package io.docmill.worker.job;

import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ConversionJob;
import io.docmill.worker.job.Cancellation.Reason;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job under way on a thread of its own, while the slot's thread keeps its record. */
final class RunningJob {
    private static final Logger log = LoggerFactory.getLogger(RunningJob.class);

    private final ConversionJob job;
    private final Cancellation cancellation;
    private final FutureTask<Ending> task;

    private RunningJob(ConversionJob job, Cancellation cancellation, FutureTask<Ending> task) {
        this.job = job;
        this.cancellation = cancellation;
        this.task = task;
    }

    /** Begins a job. */
    static RunningJob start(JobHandler handler, Delivery delivery) {
        Cancellation cancellation = new Cancellation();
        FutureTask<Ending> task = new FutureTask<>(() -> {
            cancellation.begin();
            return handler.handle(delivery, cancellation);
        });
        Thread.ofVirtual().name("job-" + delivery.job().attempt()).start(task);
        return new RunningJob(delivery.job(), cancellation, task);
    }

    /** Stops it; it ends soon. May be called from any thread, also when it has ended. */
    void stop(Reason reason) {
        cancellation.request(reason);
    }

    /** Stops it if it is what a caller canceled. May be called from any thread, also when it has ended. */
    void cancel(CancelNotice notice) {
        if (notice.scope().equals(job.scope())
                && notice.conversion().equals(job.conversion())
                && notice.attempt().isSameOrLaterThan(job.attempt())) {
            log.atInfo()
                    .setMessage("A caller canceled a job that runs; stopping it")
                    .addKeyValue("requestId", job.requestId())
                    .addKeyValue("conversion", job.conversion())
                    .addKeyValue("attempt", job.attempt())
                    .log();
            cancellation.request(Reason.CANCELED);
        }
    }

    /** Waits for its end at most this long, and tells whether it came. */
    boolean awaitEnd(Duration limit) throws InterruptedException {
        try {
            task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /** How it ended. */
    Ending ending() {
        return switch (task.state()) {
            case SUCCESS -> task.resultNow();
            case FAILED -> {
                log.error(
                        "A job ended without an answer. It goes to dlq.conversion. An OutOfMemoryError calls for a"
                                + " larger heap; report anything else, please.",
                        task.exceptionNow());
                yield new Ending.Unanswerable();
            }
            case RUNNING, CANCELLED -> throw new IllegalStateException("the job has not ended");
        };
    }
}
