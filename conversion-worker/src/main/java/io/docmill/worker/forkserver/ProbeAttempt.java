package io.docmill.worker.forkserver;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Something that a confined child tries.
 *
 * @param what as the protocol names it
 * @param path what it tries it with, where it needs one
 * @param allowed whether it shall go through
 */
record ProbeAttempt(String what, Optional<Path> path, boolean allowed) {

    static ProbeAttempt forbidden(String what) {
        return new ProbeAttempt(what, Optional.empty(), false);
    }

    static ProbeAttempt forbidden(String what, Path path) {
        return new ProbeAttempt(what, Optional.of(path), false);
    }

    static ProbeAttempt allowed(String what, Path path) {
        return new ProbeAttempt(what, Optional.of(path), true);
    }

    @Override
    public String toString() {
        return path.map(named -> what + " " + named).orElse(what);
    }
}
