package io.docmill.worker.engine;

import java.time.Duration;

/** Is told what becomes of an engine's processes, by any thread; must return at once. */
public interface EngineObserver {

    /** Looks away. */
    EngineObserver NONE = new EngineObserver() {
        @Override
        public void processStarted(Duration time) {}

        @Override
        public void startFailed() {}

        @Override
        public void processEnded(ProcessEnd end, int documents) {}
    };

    /** A process can take documents, so long after its start began. */
    void processStarted(Duration time);

    /** A process did not come up. */
    void startFailed();

    /** A process that had come up is gone, or about to go, after so many documents. */
    void processEnded(ProcessEnd end, int documents);
}
