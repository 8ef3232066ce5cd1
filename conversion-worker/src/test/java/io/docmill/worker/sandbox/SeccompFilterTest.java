package io.docmill.worker.sandbox;

import static io.docmill.worker.sandbox.SeccompFilter.ACCESS_DENIED;
import static io.docmill.worker.sandbox.SeccompFilter.ALLOW;
import static io.docmill.worker.sandbox.SeccompFilter.KILL_PROCESS;
import static io.docmill.worker.sandbox.SeccompFilter.NOT_PERMITTED;
import static io.docmill.worker.sandbox.SeccompFilter.NO_SUCH_ADDRESS_FAMILY;
import static io.docmill.worker.sandbox.SeccompFilter.NO_SUCH_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs the filters as the kernel would. */
class SeccompFilterTest {

    private static final int THREAD = 0x003D0F00;
    private static final int NEW_USER = 0x10000000;

    private static int verdict(SeccompFilter filter, SystemCall call, long... arguments) {
        return verdict(filter, filter.machine(), call.number(filter.machine()), arguments);
    }

    private static int verdict(SeccompFilter filter, Machine machine, int number, long... arguments) {
        var data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, number).putInt(4, machine.auditArchitecture());
        for (int i = 0; i < arguments.length; i++) {
            data.putLong(16 + 8 * i, arguments[i]);
        }
        return interpret(ByteBuffer.wrap(filter.bytes()).order(ByteOrder.LITTLE_ENDIAN), data);
    }

    /** Of classic BPF what the filters use. */
    private static int interpret(ByteBuffer program, ByteBuffer data) {
        int loaded = 0;
        for (int at = 0; ; at++) {
            int code = program.getShort(8 * at);
            int ifTrue = program.get(8 * at + 2) & 0xFF;
            int ifFalse = program.get(8 * at + 3) & 0xFF;
            int value = program.getInt(8 * at + 4);
            switch (code) {
                case 0x20 -> loaded = data.getInt(value);
                case 0x54 -> loaded &= value;
                case 0x15 -> at += loaded == value ? ifTrue : ifFalse;
                case 0x25 -> at += Integer.compareUnsigned(loaded, value) > 0 ? ifTrue : ifFalse;
                case 0x45 -> at += (loaded & value) != 0 ? ifTrue : ifFalse;
                case 0x06 -> {
                    return value;
                }
                default -> throw new AssertionError("Unknown instruction " + code);
            }
        }
    }

    private static List<SeccompFilter> both(Machine machine) {
        return List.of(SeccompFilter.withNamespaces(machine), SeccompFilter.withoutNamespaces(machine));
    }

    private static List<SeccompFilter> all(Machine machine) {
        return List.of(
                SeccompFilter.withNamespaces(machine),
                SeccompFilter.withoutNamespaces(machine),
                SeccompFilter.forDocument(machine));
    }

    @ParameterizedTest
    @EnumSource
    void whatNoOfficeNeedsIsRefusedAndOrdinaryCallsAreNot(Machine machine) {
        for (var filter : all(machine)) {
            for (var call : List.of(
                    SystemCall.PTRACE,
                    SystemCall.BPF,
                    SystemCall.MOUNT,
                    SystemCall.UNSHARE,
                    SystemCall.SETNS,
                    SystemCall.IO_URING_SETUP,
                    SystemCall.KEYCTL,
                    SystemCall.PROCESS_VM_READV,
                    SystemCall.OPEN_BY_HANDLE_AT,
                    SystemCall.REBOOT)) {
                assertThat(verdict(filter, call)).as("%s", call).isEqualTo(NOT_PERMITTED);
            }
            assertThat(verdict(filter, SystemCall.MSEAL)).isEqualTo(ALLOW);
            assertThat(verdict(filter, SystemCall.PRCTL, 38, 1)).isEqualTo(ALLOW);
            assertThat(verdict(filter, SystemCall.IOCTL, 0, 0x5401)).isEqualTo(ALLOW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyCallsOfAnotherArchitectureKill(Machine machine) {
        Machine other = switch (machine) {
            case X86_64 -> Machine.AARCH64;
            case AARCH64 -> Machine.X86_64;
        };
        for (var filter : all(machine)) {
            assertThat(verdict(filter, other, 0)).isEqualTo(KILL_PROCESS);
            assertThat(verdict(filter, machine, 0)).isEqualTo(ALLOW);
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsThatAreNewerAndThoseOfX32DoNotExist(Machine machine) {
        for (var filter : all(machine)) {
            assertThat(verdict(filter, machine, SystemCall.MSEAL.number(machine) + 1))
                    .isEqualTo(NO_SUCH_CALL);
            assertThat(verdict(filter, machine, 0x40000000 | 1)).isEqualTo(NO_SUCH_CALL);
            assertThat(verdict(filter, machine, -1)).isEqualTo(NO_SUCH_CALL);
            assertThat(verdict(filter, SystemCall.CLONE3)).isEqualTo(NO_SUCH_CALL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void socketsAreUnixStreams(Machine machine) {
        for (var filter : both(machine)) {
            for (var call : List.of(SystemCall.SOCKET, SystemCall.SOCKETPAIR)) {
                assertThat(verdict(filter, call, 1, 1 | 0x80000)).isEqualTo(ALLOW);
                assertThat(verdict(filter, call, 0x1_0000_0001L, 1)).isEqualTo(ALLOW);
                assertThat(verdict(filter, call, 1, 2)).isEqualTo(NOT_PERMITTED);
                assertThat(verdict(filter, call, 2, 1)).isEqualTo(NO_SUCH_ADDRESS_FAMILY);
                assertThat(verdict(filter, call, 10, 2)).isEqualTo(NO_SUCH_ADDRESS_FAMILY);
                assertThat(verdict(filter, call, 16, 3)).isEqualTo(NO_SUCH_ADDRESS_FAMILY);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void threadsAreMadeButNoNamespaces(Machine machine) {
        for (var filter : all(machine)) {
            assertThat(verdict(filter, SystemCall.CLONE, THREAD)).isEqualTo(ALLOW);
            assertThat(verdict(filter, SystemCall.CLONE, THREAD | NEW_USER)).isEqualTo(NOT_PERMITTED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutNamespacesThereAreNoProcessesConnectionsAndSignals(Machine machine) {
        // Given
        var with = SeccompFilter.withNamespaces(machine);
        var without = SeccompFilter.withoutNamespaces(machine);
        // Then
        for (var call : List.of(
                SystemCall.CONNECT,
                SystemCall.KILL,
                SystemCall.TGKILL,
                SystemCall.FCHMODAT,
                SystemCall.SETXATTR,
                SystemCall.SHMGET,
                SystemCall.INOTIFY_ADD_WATCH)) {
            assertThat(verdict(with, call)).as("%s", call).isEqualTo(ALLOW);
            assertThat(verdict(without, call)).as("%s", call).isEqualTo(NOT_PERMITTED);
        }
        assertThat(verdict(with, SystemCall.CLONE, 17)).isEqualTo(ALLOW);
        assertThat(verdict(without, SystemCall.CLONE, 17)).isEqualTo(NOT_PERMITTED);
    }

    @ParameterizedTest
    @EnumSource
    void aDocumentHasNoSocketAndNoOtherProgram(Machine machine) {
        // Given
        var filter = SeccompFilter.forDocument(machine);
        // Then
        for (var call : List.of(
                SystemCall.SOCKET,
                SystemCall.SOCKETPAIR,
                SystemCall.BIND,
                SystemCall.LISTEN,
                SystemCall.ACCEPT,
                SystemCall.ACCEPT4,
                SystemCall.CONNECT,
                SystemCall.SENDMSG,
                SystemCall.RECVMSG,
                SystemCall.EXECVE,
                SystemCall.EXECVEAT,
                SystemCall.KILL,
                SystemCall.SHMGET)) {
            assertThat(verdict(filter, call, 1, 1)).as("%s", call).isEqualTo(NOT_PERMITTED);
        }
        assertThat(verdict(filter, SystemCall.CLONE, 17)).isEqualTo(NOT_PERMITTED);
        assertThat(verdict(filter, SystemCall.FACCESSAT, 0, 0, 2)).isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @EnumSource
    void withoutNamespacesAProcessChangesOnlyItself(Machine machine) {
        // Given
        var filter = SeccompFilter.withoutNamespaces(machine);
        // Then
        assertThat(verdict(filter, SystemCall.PRLIMIT64, 0)).isEqualTo(ALLOW);
        assertThat(verdict(filter, SystemCall.PRLIMIT64, 1)).isEqualTo(NOT_PERMITTED);
        assertThat(verdict(filter, SystemCall.UTIMENSAT, 3, 0)).isEqualTo(ALLOW);
        assertThat(verdict(filter, SystemCall.UTIMENSAT, 3, 0x1_0000_0000L)).isEqualTo(NOT_PERMITTED);
        assertThat(verdict(filter, SystemCall.PRCTL, 1, 9)).isEqualTo(ALLOW);
        assertThat(verdict(filter, SystemCall.PRCTL, 1, 0)).isEqualTo(NOT_PERMITTED);
        assertThat(verdict(filter, SystemCall.FACCESSAT, 0, 0, 2)).isEqualTo(ACCESS_DENIED);
        assertThat(verdict(filter, SystemCall.FACCESSAT, 0, 0, 4)).isEqualTo(ALLOW);
    }

    @ParameterizedTest
    @EnumSource
    void theArchitectureStaysAndTheTerminalIsNotTypedInto(Machine machine) {
        for (var filter : all(machine)) {
            assertThat(verdict(filter, SystemCall.PERSONALITY, 0)).isEqualTo(ALLOW);
            assertThat(verdict(filter, SystemCall.PERSONALITY, 0xFFFFFFFFL)).isEqualTo(ALLOW);
            assertThat(verdict(filter, SystemCall.PERSONALITY, 0x0040000)).isEqualTo(NOT_PERMITTED);
            assertThat(verdict(filter, SystemCall.IOCTL, 0, 0x5412)).isEqualTo(NOT_PERMITTED);
            assertThat(verdict(filter, SystemCall.IOCTL, 0, 0x1_0000_5412L)).isEqualTo(NOT_PERMITTED);
        }
    }
}
