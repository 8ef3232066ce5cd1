/**
 * Measures Docmill as it is run, each figure beside what it is compared with in the same run. Starts gateways and workers as
 * processes; nothing calls it but {@code bin/bench}.
 */
@NullMarked
package io.docmill.benchmarks;

import org.jspecify.annotations.NullMarked;
