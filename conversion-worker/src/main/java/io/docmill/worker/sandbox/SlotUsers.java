package io.docmill.worker.sandbox;

import com.sun.security.auth.module.UnixSystem;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The users that slots run as. A worker that is root gives each slot a uid of its own, which nobody else has; one that is not
 * can't, and its slots run as the worker's own user. Safe for use from many threads.
 */
public final class SlotUsers {

    /**
     * The first of a range that Debian reserves (65000 to 65533, policy 9.2.2) and that also exists where a container has only
     * 65,536 users.
     */
    public static final int DEFAULT_FIRST = 65_000;

    /** More than there are slots of one worker, so that a number comes back long after its last process has ended. */
    private static final int COUNT = 500;

    private static final int NONE = 0;

    private final int first;
    private final AtomicInteger taken = new AtomicInteger();

    private SlotUsers(int first) {
        this.first = first;
    }

    /** Users from a number on, which is that of their common group; none where this process is not root. */
    public static SlotUsers from(int first) {
        if (first < 1) {
            throw new IllegalArgumentException("Slots do not run as user " + first);
        }
        return new UnixSystem().getUid() == 0 ? new SlotUsers(first) : none();
    }

    /** All slots run as the user of this process. */
    public static SlotUsers none() {
        return new SlotUsers(NONE);
    }

    /** Whether slots have users of their own. */
    boolean isPresent() {
        return first != NONE;
    }

    /** The user of the next slot; empty if it is the one of this process. */
    Optional<SlotUser> next() {
        if (!isPresent()) {
            return Optional.empty();
        }
        int id = first + 1 + Math.floorMod(taken.getAndIncrement(), COUNT);
        return Optional.of(new SlotUser(id, first));
    }
}
