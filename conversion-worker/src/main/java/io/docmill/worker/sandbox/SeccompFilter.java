package io.docmill.worker.sandbox;

import static io.docmill.worker.sandbox.SystemCall.*;

import java.util.List;

/**
 * The system calls that a program in a sandbox may not make, as a program for the kernel (seccomp(2)) in the bytes that
 * {@code bwrap --seccomp} and {@code setpriv --seccomp-filter} take. A call that is refused fails with an error that programs
 * expect, so that they go on without; only calls of another architecture end the process. Calls that are newer than this class
 * do not exist: programs fall back to older ones.
 *
 * @param machine whose calls these are
 * @param program the filter
 */
record SeccompFilter(Machine machine, BpfProgram program) {

    // linux/seccomp.h
    static final int ALLOW = 0x7FFF0000;
    static final int KILL_PROCESS = 0x80000000;
    private static final int ERRNO = 0x00050000;

    // asm-generic/errno.h
    static final int NOT_PERMITTED = ERRNO | 1;
    static final int ACCESS_DENIED = ERRNO | 13;
    static final int NO_SUCH_CALL = ERRNO | 38;
    static final int NO_SUCH_ADDRESS_FAMILY = ERRNO | 97;

    // struct seccomp_data: the number of the call, the architecture, the instruction, six arguments of 64 bits.
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final int FIRST_ARGUMENT = 16;

    /** AF_UNIX, SOCK_STREAM and the mask of a socket's type without its flags: linux/net.h. */
    private static final int UNIX = 1;

    private static final int STREAM = 1;
    private static final int SOCKET_TYPE_MASK = 0xF;

    // linux/sched.h
    private static final int CLONE_NEW_NAMESPACES = 0x7E020000;
    private static final int CLONE_THREAD = 0x00010000;

    /** Types a line into the terminal as if its user had, or pastes into the console: asm-generic/ioctls.h, tiocl.h. */
    private static final int TIOCSTI = 0x5412;

    private static final int TIOCLINUX = 0x541C;

    /** PER_LINUX, and the value that asks for the present personality without changing it: personality(2). */
    private static final int ORDINARY = 0;

    private static final int ASK_PERSONALITY = 0xFFFFFFFF;

    /** W_OK of access(2). */
    private static final int WRITE = 2;

    /** Which signal a process gets when its parent ends: prctl(2). */
    private static final int PR_SET_PDEATHSIG = 1;

    private static final int SIGKILL = 9;

    // asm-generic/fcntl.h
    private static final int F_SETOWN = 8;
    private static final int F_SETSIG = 10;
    private static final int F_SETOWN_EX = 15;

    /** What no office needs, and where holes in the kernel and ways around a sandbox were found again and again. */
    private static final List<SystemCall> NEVER = List.of(
            // Other processes, and keys and programs in the kernel.
            PTRACE,
            PROCESS_VM_READV,
            PROCESS_VM_WRITEV,
            PIDFD_GETFD,
            PROCESS_MADVISE,
            PROCESS_MRELEASE,
            KCMP,
            KEYCTL,
            ADD_KEY,
            REQUEST_KEY,
            BPF,
            PERF_EVENT_OPEN,
            USERFAULTFD,
            MEMFD_SECRET,
            // Its requests are carried out past this filter.
            IO_URING_SETUP,
            IO_URING_ENTER,
            IO_URING_REGISTER,
            // Mounts, namespaces, and files by other ways than their paths.
            MOUNT,
            UMOUNT2,
            OPEN_TREE,
            MOVE_MOUNT,
            FSOPEN,
            FSCONFIG,
            FSMOUNT,
            FSPICK,
            MOUNT_SETATTR,
            STATMOUNT,
            LISTMOUNT,
            PIVOT_ROOT,
            CHROOT,
            UNSHARE,
            SETNS,
            NAME_TO_HANDLE_AT,
            OPEN_BY_HANDLE_AT,
            FANOTIFY_INIT,
            FANOTIFY_MARK,
            // The machine.
            KEXEC_LOAD,
            KEXEC_FILE_LOAD,
            INIT_MODULE,
            FINIT_MODULE,
            DELETE_MODULE,
            REBOOT,
            SWAPON,
            SWAPOFF,
            ACCT,
            QUOTACTL,
            QUOTACTL_FD,
            SYSLOG,
            SETTIMEOFDAY,
            CLOCK_SETTIME,
            ADJTIMEX,
            CLOCK_ADJTIME,
            SETHOSTNAME,
            SETDOMAINNAME,
            VHANGUP,
            LOOKUP_DCOOKIE,
            MIGRATE_PAGES,
            MOVE_PAGES,
            IOPL,
            IOPERM,
            MODIFY_LDT,
            USELIB,
            USTAT,
            SYSFS);

    /** What namespaces make harmless, and Landlock alone does not stop. */
    private static final List<SystemCall> OF_THE_SAME_USER = List.of(
            // Sockets of other programs: a path to one, and a name without a path, is open to all of a user.
            CONNECT,
            // Other processes.
            KILL,
            TKILL,
            TGKILL,
            RT_SIGQUEUEINFO,
            RT_TGSIGQUEUEINFO,
            PIDFD_OPEN,
            PIDFD_SEND_SIGNAL,
            SCHED_SETSCHEDULER,
            SCHED_SETPARAM,
            SCHED_SETATTR,
            SCHED_SETAFFINITY,
            SETPRIORITY,
            IOPRIO_SET,
            // Memory, semaphores and queues that are shared by name.
            SHMGET,
            SHMAT,
            SHMCTL,
            SEMGET,
            SEMOP,
            SEMTIMEDOP,
            SEMCTL,
            MSGGET,
            MSGSND,
            MSGRCV,
            MSGCTL,
            MQ_OPEN,
            MQ_UNLINK,
            // What Landlock does not look at: modes, owners, attributes, times, names of files that change.
            CHMOD,
            FCHMODAT,
            FCHMODAT2,
            CHOWN,
            LCHOWN,
            FCHOWNAT,
            SETXATTR,
            LSETXATTR,
            REMOVEXATTR,
            LREMOVEXATTR,
            UTIME,
            UTIMES,
            FUTIMESAT,
            INOTIFY_INIT,
            INOTIFY_INIT1,
            INOTIFY_ADD_WATCH,
            // A child could outlive its parent unseen.
            FORK,
            VFORK);

    /** What a program that only reads and writes files has no use for. */
    private static final List<SystemCall> OF_NO_DOCUMENT = List.of(
            SOCKET,
            SOCKETPAIR,
            BIND,
            LISTEN,
            ACCEPT,
            ACCEPT4,
            SENDMSG,
            SENDMMSG,
            RECVMSG,
            RECVMMSG,
            EXECVE,
            EXECVEAT,
            // Of what is not its own, which Landlock leaves open before Linux 6.2.
            TRUNCATE,
            // What is neither a file nor a directory.
            SYMLINK,
            SYMLINKAT,
            MKNOD,
            MKNODAT,
            // Modes that its worker could not go through.
            FCHMOD);

    /** For programs in namespaces of their own. */
    static SeccompFilter withNamespaces(Machine machine) {
        var program = start(machine);
        refuse(program, machine, NEVER);
        sockets(program, machine);
        var newNamespaces = new BpfProgram()
                .load(argument(0))
                .ifAnyBit(CLONE_NEW_NAMESPACES, verdict(NOT_PERMITTED))
                .end(ALLOW);
        on(program, machine, CLONE, newNamespaces);
        return new SeccompFilter(machine, program.end(ALLOW));
    }

    /** For programs that share all but the files with others of their user: threads yes, processes no. */
    static SeccompFilter withoutNamespaces(Machine machine) {
        var program = start(machine);
        sockets(program, machine);
        pipesElsewhere(program, machine);
        return new SeccompFilter(machine, amongOthersOfTheUser(program, machine).end(ALLOW));
    }

    /** For a LibreOffice that has one document and is not driven over a socket: no sockets of any kind, no other program. */
    static SeccompFilter forDocument(Machine machine) {
        var program = start(machine);
        refuse(program, machine, OF_NO_DOCUMENT);
        return new SeccompFilter(machine, amongOthersOfTheUser(program, machine).end(ALLOW));
    }

    private static BpfProgram amongOthersOfTheUser(BpfProgram program, Machine machine) {
        refuse(program, machine, NEVER);
        refuse(program, machine, OF_THE_SAME_USER);
        var onlyThreads = new BpfProgram()
                .load(argument(0))
                .ifAnyBit(CLONE_NEW_NAMESPACES, verdict(NOT_PERMITTED))
                .ifNoBit(CLONE_THREAD, verdict(NOT_PERMITTED))
                .end(ALLOW);
        on(program, machine, CLONE, onlyThreads);
        on(program, machine, PRLIMIT64, only(0, 0));
        // The kernel sends signals for a descriptor to whomever it was told to.
        on(program, machine, FCNTL, not(1, F_SETOWN, F_SETSIG, F_SETOWN_EX));
        var onlyOpenFiles = new BpfProgram()
                .load(argument(1))
                .ifNotEqual(0, verdict(NOT_PERMITTED))
                .load(argument(1) + 4)
                .ifNotEqual(0, verdict(NOT_PERMITTED))
                .end(ALLOW);
        on(program, machine, UTIMENSAT, onlyOpenFiles);
        // setpriv sets it once this filter is in force; nobody takes it back.
        var onlyKill = new BpfProgram()
                .load(argument(1))
                .ifNotEqual(SIGKILL, verdict(NOT_PERMITTED))
                .end(ALLOW);
        var noOtherParent = new BpfProgram()
                .load(argument(0))
                .ifEqual(PR_SET_PDEATHSIG, onlyKill)
                .end(ALLOW);
        on(program, machine, PRCTL, noOtherParent);
        return program;
    }

    /** What all have in common beside plain lists. */
    private static BpfProgram start(Machine machine) {
        var program = new BpfProgram()
                .load(ARCHITECTURE)
                .ifNotEqual(machine.auditArchitecture(), verdict(KILL_PROCESS))
                .load(NUMBER);
        // Calls of the x32 ABI among them: theirs begin at 0x40000000.
        program.ifAbove(MSEAL.number(machine), verdict(NO_SUCH_CALL));
        // Its flags lie in memory, where no filter sees them; programs then use clone(2).
        on(program, machine, CLONE3, verdict(NO_SUCH_CALL));
        on(program, machine, PERSONALITY, only(0, ORDINARY, ASK_PERSONALITY));
        on(program, machine, IOCTL, not(1, TIOCSTI, TIOCLINUX));
        return program;
    }

    /** Streams on Unix sockets. A datagram socket could send to others without a connection. */
    private static void sockets(BpfProgram program, Machine machine) {
        var streams = new BpfProgram()
                .load(argument(0))
                .ifNotEqual(UNIX, verdict(NO_SUCH_ADDRESS_FAMILY))
                .load(argument(1))
                .mask(SOCKET_TYPE_MASK)
                .ifNotEqual(STREAM, verdict(NOT_PERMITTED))
                .end(ALLOW);
        on(program, machine, SOCKET, streams);
        on(program, machine, SOCKETPAIR, streams);
    }

    /**
     * LibreOffice puts its pipe into {@code /tmp} or {@code /var/tmp} if access(2) says that it may write there, which knows
     * nothing of Landlock, and otherwise where OSL_SOCKET_PATH says (sal/osl/unx/pipe.cxx). It asks this of no other file.
     */
    private static void pipesElsewhere(BpfProgram program, Machine machine) {
        var notWrite = new BpfProgram()
                .load(argument(1))
                .ifEqual(WRITE, verdict(ACCESS_DENIED))
                .end(ALLOW);
        on(program, machine, ACCESS, notWrite);
        var notWriteAt = new BpfProgram()
                .load(argument(2))
                .ifEqual(WRITE, verdict(ACCESS_DENIED))
                .end(ALLOW);
        on(program, machine, FACCESSAT, notWriteAt);
        on(program, machine, FACCESSAT2, notWriteAt);
    }

    private static void refuse(BpfProgram program, Machine machine, List<SystemCall> calls) {
        calls.forEach(call -> on(program, machine, call, verdict(NOT_PERMITTED)));
    }

    private static void on(BpfProgram program, Machine machine, SystemCall call, BpfProgram then) {
        int number = call.number(machine);
        if (number != ABSENT) {
            program.ifEqual(number, then);
        }
    }

    /** Allows a call whose argument, of 32 bits, is one of the values. */
    private static BpfProgram only(int argument, int... values) {
        var program = new BpfProgram().load(argument(argument));
        for (int value : values) {
            program.ifEqual(value, verdict(ALLOW));
        }
        return program.end(NOT_PERMITTED);
    }

    /** Allows a call unless its argument, of 32 bits, is one of the values. */
    private static BpfProgram not(int argument, int... values) {
        var program = new BpfProgram().load(argument(argument));
        for (int value : values) {
            program.ifEqual(value, verdict(NOT_PERMITTED));
        }
        return program.end(ALLOW);
    }

    private static BpfProgram verdict(int verdict) {
        return new BpfProgram().end(verdict);
    }

    /** Where the lower half of an argument lies. */
    private static int argument(int index) {
        return FIRST_ARGUMENT + 8 * index;
    }

    /** The array of {@code struct sock_filter} that the kernel takes. */
    byte[] bytes() {
        return program.bytes();
    }
}
