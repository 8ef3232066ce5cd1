package io.docmill.worker.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a program in classic BPF, in the form of seccomp(2): an array of {@code struct sock_filter}. Both machines that we know
 * are little-endian.
 */
final class BpfProgram {

    // linux/bpf_common.h: class, size or operation, mode or source.
    private static final int LOAD_WORD = 0x20;
    private static final int AND = 0x54;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_GREATER = 0x25;
    private static final int JUMP_IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    /** sizeof(struct sock_filter) */
    private static final int INSTRUCTION_BYTES = 8;

    private final List<long[]> instructions = new ArrayList<>();

    /** Loads 32 bits of {@code struct seccomp_data}. */
    BpfProgram load(int offset) {
        return add(LOAD_WORD, 0, 0, offset);
    }

    /** Keeps only these bits of what is loaded. */
    BpfProgram mask(int bits) {
        return add(AND, 0, 0, bits);
    }

    BpfProgram end(int verdict) {
        return add(RETURN, 0, 0, verdict);
    }

    /** Does what follows only if what is loaded equals the value; otherwise goes on behind it. */
    BpfProgram ifEqual(int value, BpfProgram then) {
        return add(JUMP_IF_EQUAL, 0, then.instructions.size(), value).append(then);
    }

    /** Does what follows only if what is loaded differs from the value. */
    BpfProgram ifNotEqual(int value, BpfProgram then) {
        return add(JUMP_IF_EQUAL, then.instructions.size(), 0, value).append(then);
    }

    /** Does what follows only if what is loaded, unsigned, is above the value. */
    BpfProgram ifAbove(int value, BpfProgram then) {
        return add(JUMP_IF_GREATER, 0, then.instructions.size(), value).append(then);
    }

    /** Does what follows only if one of the bits is set in what is loaded. */
    BpfProgram ifAnyBit(int bits, BpfProgram then) {
        return add(JUMP_IF_ANY_BIT, 0, then.instructions.size(), bits).append(then);
    }

    /** Does what follows only if none of the bits is set in what is loaded. */
    BpfProgram ifNoBit(int bits, BpfProgram then) {
        return add(JUMP_IF_ANY_BIT, then.instructions.size(), 0, bits).append(then);
    }

    BpfProgram append(BpfProgram other) {
        instructions.addAll(other.instructions);
        return this;
    }

    /** A jump has eight bits for how far it goes. */
    private BpfProgram add(int code, int ifTrue, int ifFalse, int value) {
        if (ifTrue > 255 || ifFalse > 255) {
            throw new IllegalArgumentException("A jump over more than 255 instructions");
        }
        instructions.add(new long[] {code, ifTrue, ifFalse, value});
        return this;
    }

    /** Code, jump if true, jump if false and value of each instruction, unsigned. */
    List<long[]> instructions() {
        return instructions.stream()
                .map(one -> new long[] {one[0], one[1], one[2], one[3] & 0xFFFFFFFFL})
                .toList();
    }

    byte[] bytes() {
        var buffer =
                ByteBuffer.allocate(instructions.size() * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long[] instruction : instructions) {
            buffer.putShort((short) instruction[0])
                    .put((byte) instruction[1])
                    .put((byte) instruction[2])
                    .putInt((int) instruction[3]);
        }
        return buffer.array();
    }
}
