package io.docmill.worker.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What keeps in a process that confines itself before it opens its one document, as data that it can be told: users, Landlock, a
 * filter for system calls, limits and namespaces. Stricter than a {@link Sandbox}, since such a process needs neither a socket nor
 * another program.
 *
 * @param limits by the names of setrlimit(2) in lower case and without RLIMIT_; seconds or bytes
 * @param namespaces of {@code net}, {@code ipc} and {@code uts}, those that it leaves
 * @param ownUsers whether each slot has a user, which the process becomes
 * @param user what it becomes, with a group of the same number
 * @param group the other group that it is in
 * @param readable files and directories that it may read
 * @param files directories below which it may write and make files, but no directories
 * @param writable files, and directories below which it may also make directories; a program there can't be run
 * @param filter the program of seccomp(2): code, jump if true, jump if false and value of each instruction
 */
public record DocumentConfinement(
        Map<String, Long> limits,
        List<String> namespaces,
        boolean ownUsers,
        OptionalInt user,
        OptionalInt group,
        List<Path> readable,
        List<Path> files,
        List<Path> writable,
        List<long[]> filter) {

    private static final List<String> NAMESPACES = List.of("net", "ipc", "uts");

    public DocumentConfinement {
        limits = Map.copyOf(limits);
        namespaces = List.copyOf(namespaces);
        readable = List.copyOf(readable);
        files = List.copyOf(files);
        writable = List.copyOf(writable);
        filter = List.copyOf(filter);
    }

    /**
     * What all documents have in common.
     *
     * @param rules of the worker's sandboxes
     * @param profile the directory of a LibreOffice's profile
     * @param withNamespaces whether namespaces are left, which takes CAP_SYS_ADMIN
     * @throws SandboxUnavailableException on a machine whose system calls are not known here
     */
    public static DocumentConfinement shared(SandboxRules rules, Path profile, boolean withNamespaces) {
        var readable = new ArrayList<Path>();
        readable.add(SystemFiles.PROGRAMS);
        SystemFiles.OTHER_PROGRAMS.stream()
                .filter(directory -> !Files.isSymbolicLink(directory))
                .forEach(readable::add);
        readable.addAll(SystemFiles.CONFIGURATION);
        readable.addAll(rules.readable());
        readable.add(profile);
        readable.add(Path.of("/dev/urandom"));
        return new DocumentConfinement(
                rules.limits().byName(rules.users().isPresent()),
                withNamespaces ? NAMESPACES : List.of(),
                rules.hasUsers(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                readable,
                List.of(),
                List.of(Path.of("/dev/null")),
                SeccompFilter.forDocument(Machine.required()).program().instructions());
    }

    /** No walls at all, only limits. */
    public static DocumentConfinement none(ResourceLimits limits) {
        return new DocumentConfinement(
                limits.byName(false),
                List.of(),
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** Whether there are rules for files and for system calls, without which nothing is kept in. */
    public boolean isComplete() {
        return !readable.isEmpty() && !filter.isEmpty();
    }

    /** What belongs to one slot, besides this, which all have in common. */
    public DocumentConfinement in(SlotDirectory slot) {
        return new DocumentConfinement(
                Map.of(),
                List.of(),
                ownUsers,
                number(slot.user().filter(_ -> ownUsers).map(SlotUser::id)),
                number(slot.user().filter(_ -> ownUsers).map(SlotUser::group)),
                List.of(),
                readable.isEmpty() ? List.of() : List.of(slot.document()),
                readable.isEmpty() ? List.of() : List.of(slot.scratch(), slot.home()),
                List.of());
    }

    private static OptionalInt number(Optional<Integer> id) {
        return id.map(OptionalInt::of).orElse(OptionalInt.empty());
    }
}
