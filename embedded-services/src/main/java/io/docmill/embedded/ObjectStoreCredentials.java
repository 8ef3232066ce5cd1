package io.docmill.embedded;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/**
 * What signs requests to the embedded object store.
 *
 * @param accessKey not blank
 * @param secretKey not blank; never printed
 */
public record ObjectStoreCredentials(String accessKey, String secretKey) {

    private static final SecureRandom random = new SecureRandom();

    /** Refuses blank keys. */
    public ObjectStoreCredentials {
        if (accessKey.isBlank() || secretKey.isBlank()) {
            throw new IllegalArgumentException("Access key and secret key of the object store must not be blank.");
        }
    }

    /** Those kept in {@code file}; if it is absent, new random ones that are kept there, readable by its owner only. */
    static ObjectStoreCredentials keptIn(Path file) throws IOException {
        if (Files.exists(file)) {
            return read(file);
        }
        ObjectStoreCredentials made = new ObjectStoreCredentials(randomHex(10), randomHex(32));
        made.write(file);
        return made;
    }

    private static ObjectStoreCredentials read(Path file) throws IOException {
        Properties kept = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            kept.load(reader);
        }
        return new ObjectStoreCredentials(kept.getProperty("access-key", ""), kept.getProperty("secret-key", ""));
    }

    private void write(Path file) throws IOException {
        Properties kept = new Properties();
        kept.setProperty("access-key", accessKey);
        kept.setProperty("secret-key", secretKey);
        StringWriter text = new StringWriter();
        kept.store(text, null);
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        Files.createFile(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(unfinished, text.toString());
        Durability.sync(unfinished);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String randomHex(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    @Override
    public String toString() {
        return "ObjectStoreCredentials[accessKey=" + accessKey + ", secretKey=[hidden]]";
    }
}
