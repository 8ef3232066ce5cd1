package io.docmill.worker.plan;

/**
 * A value of an office property, typed as LibreOffice wants it: it ignores a property of the wrong type in silence. The types
 * are those of UNO's {@code PropertyValue}.
 */
public sealed interface OfficeValue {

    /** A string. */
    record Text(String value) implements OfficeValue {}

    /** A string that must not be shown, such as a password. */
    record Secret(String value) implements OfficeValue {
        @Override
        public String toString() {
            return "[hidden]";
        }
    }

    /** A boolean. */
    record Flag(boolean value) implements OfficeValue {}

    /** UNO's {@code long}: 32 bits. */
    record Whole(int value) implements OfficeValue {}

    /** UNO's {@code short}: 16 bits. */
    record Small(short value) implements OfficeValue {}

    /** Nested properties, such as {@code FilterData}. */
    record Group(OfficeProperties value) implements OfficeValue {}
}
