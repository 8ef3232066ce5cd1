package io.docmill.platform.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes, written as {@code 500MB}, {@code 2GiB} or a plain number. KB, MB and GB are powers of 1,000; KiB,
 * MiB and GiB of 1,024.
 *
 * @param bytes 0 or more
 */
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*([KMG]i?)?B?");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size can't be negative");
        }
    }

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException if it is not one
     */
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("takes a size such as 500MB or 2GiB, not '%s'".formatted(text));
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        if (unit == null) {
            return new ByteSize(number);
        }
        long base = unit.endsWith("i") ? 1024 : 1000;
        long factor = switch (unit.charAt(0)) {
            case 'K' -> base;
            case 'M' -> base * base;
            default -> base * base * base;
        };
        if (number > Long.MAX_VALUE / factor) {
            throw new IllegalArgumentException("takes a size such as 500MB or 2GiB, not '%s'".formatted(text));
        }
        return new ByteSize(number * factor);
    }

    /** The size as a person reads it, such as {@code 500 MB}. */
    @Override
    public String toString() {
        if (bytes >= 1_000_000_000) {
            return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
        }
        if (bytes >= 1_000_000) {
            return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
        }
        return bytes + " bytes";
    }
}
