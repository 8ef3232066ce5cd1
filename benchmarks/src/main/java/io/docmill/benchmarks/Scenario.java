package io.docmill.benchmarks;

import java.nio.file.Path;

/** Something to be measured, with what it is compared with. */
interface Scenario {
    /** What it is called on the command line and in the report. */
    String name();

    /**
     * Measures it.
     *
     * @param directory empty, for whatever it needs
     * @param repetitions how often each figure is measured
     */
    void run(Path directory, int repetitions, Report report) throws Exception;
}
