package io.docmill.worker.sandbox;

import java.util.Optional;

/** A kind of processor, as the kernel names it to a seccomp filter: the AUDIT_ARCH values of {@code linux/audit.h}. */
enum Machine {
    X86_64(0xC000003E),
    AARCH64(0xC00000B7);

    private final int auditArchitecture;

    Machine(int auditArchitecture) {
        this.auditArchitecture = auditArchitecture;
    }

    int auditArchitecture() {
        return auditArchitecture;
    }

    /** The machine that this process runs on; empty if system calls of it are not known here. */
    static Optional<Machine> current() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64", "arm64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }

    /**
     * The machine that this process runs on.
     *
     * @throws SandboxUnavailableException if system calls of it are not known here
     */
    static Machine required() {
        return current()
                .orElseThrow(() -> new SandboxUnavailableException(
                        "There is no sandbox for processors other than x86-64 and ARM of 64 bits"));
    }
}
