package io.docmill.worker.sandbox;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static final Path UIDS = Path.of("/proc/self/uid_map");
    private static final Path GIDS = Path.of("/proc/self/gid_map");

    private final int first;
    private final AtomicInteger taken = new AtomicInteger();

    private SlotUsers(int first) {
        this.first = first;
    }

    /**
     * Users from a number on, which is that of their common group; none where this process is not root, or where its user
     * namespace does not have them, as in containers that have a single user.
     */
    public static SlotUsers from(int first) {
        if (first < 1) {
            throw new IllegalArgumentException("Slots do not run as user " + first);
        }
        return isRoot() && has(UIDS, first) && has(GIDS, first) ? new SlotUsers(first) : none();
    }

    /** Whether this process is root, be it of a user namespace alone. */
    static boolean isRoot() {
        return new UnixSystem().getUid() == 0;
    }

    /** Whether a map of user_namespaces(7) has all numbers from one on; without such a map all are there. */
    private static boolean has(Path map, int first) {
        try {
            return Files.readAllLines(map).stream()
                    .map(line -> line.strip().split("\\s+", -1))
                    .anyMatch(range -> Long.parseLong(range[0]) <= first
                            && Long.parseLong(range[0]) + Long.parseLong(range[2]) > first + COUNT);
        } catch (IOException e) {
            return true;
        }
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
