package io.docmill.launcher;

import io.docmill.embedded.DirectoryInUseException;
import io.docmill.embedded.DirectoryLock;
import io.docmill.model.security.ApiKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The folder that holds all state of Docmill on one machine, held by this process until it is closed. What a first start
 * chooses is written here and never changes by itself.
 */
final class DataDirectory implements AutoCloseable {
    private static final String FILE_SYSTEM_STORE = "filesystem";

    private final Path root;
    private final DirectoryLock lock;
    private final SecureRandom random = new SecureRandom();
    private boolean closed;

    /**
     * Opens the folder for this process alone, making it if it does not exist, readable by its owner alone. Commands are
     * told no longer where an earlier Docmill was, which may have been killed.
     *
     * @throws UncheckedIOException if it can't be made
     * @throws IllegalStateException if another Docmill runs on it, or if it was made for a store that this Docmill does not
     *     know
     */
    DataDirectory(Path directory) {
        root = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException("The data directory " + root + " can't be made", e);
        }
        lock = takeLock();
        try {
            withdraw();
            requireKnownStore();
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private DirectoryLock takeLock() {
        try {
            return DirectoryLock.take(root, "Docmill");
        } catch (DirectoryInUseException e) {
            throw new IllegalStateException(
                    "another Docmill (process %s) runs on %s: stop that one first, or choose another directory with --data"
                            .formatted(e.holder(), root),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException("The data directory " + root + " can't be locked: " + e.getMessage(), e);
        }
    }

    private void requireKnownStore() {
        String store = kept("store", () -> FILE_SYSTEM_STORE);
        if (!store.equals(FILE_SYSTEM_STORE)) {
            throw new IllegalStateException(
                    "%s says that this data lies in a store of the kind '%s', which this Docmill does not know; start it with the version that made it"
                            .formatted(root.resolve("store"), store));
        }
    }

    Path root() {
        return root;
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path objects() {
        return root.resolve("objects");
    }

    Path redis() {
        return root.resolve("redis");
    }

    Path spool() {
        return root.resolve("spool");
    }

    /** Where documents are converted: short, since Unix sockets lie below it, and for this data directory alone. */
    Path work() {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "docmill-" + digest(root.toString()).substring(0, 8));
    }

    /** The service's own key. */
    String serviceKey() {
        return kept("service-key", () -> {
            byte[] secret = new byte[32];
            random.nextBytes(secret);
            return Base64.getEncoder().encodeToString(secret);
        });
    }

    /** The key that operates the service. */
    String operatorKey() {
        return kept("operator-key", () -> ApiKey.generate(random).text());
    }

    /** The key to try the service with, if it was made. */
    Optional<String> demoKey() {
        return read("demo-key");
    }

    void keepDemoKey(String key) {
        write("demo-key", key);
    }

    /**
     * Tells commands where the service is.
     *
     * @throws IllegalStateException if this is closed
     */
    synchronized void announce(String url) {
        if (closed) {
            throw new IllegalStateException("Docmill was ended while it started");
        }
        write("url", url);
    }

    /** Tells commands that there is no service. Does nothing once this is closed: another Docmill may have come since. */
    synchronized void withdraw() {
        if (closed) {
            return;
        }
        try {
            Files.deleteIfExists(root.resolve("url"));
        } catch (IOException e) {
            throw new UncheckedIOException(root.resolve("url") + " can't be deleted", e);
        }
    }

    /** Leaves the folder to the next Docmill. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        try {
            withdraw();
        } finally {
            closed = true;
            lock.close();
        }
    }

    private String kept(String name, Supplier<String> first) {
        return read(name).orElseGet(() -> {
            String value = first.get();
            write(name, value);
            return value;
        });
    }

    private Optional<String> read(String name) {
        Path file = root.resolve(name);
        try {
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    private void write(String name, String value) {
        Path file = root.resolve(name);
        Path unfinished = root.resolve(name + ".new");
        try {
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, value + "\n");
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be written", e);
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
