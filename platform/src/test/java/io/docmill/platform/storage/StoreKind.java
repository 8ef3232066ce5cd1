package io.docmill.platform.storage;

import io.docmill.testing.services.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The stores that the storage tests run against. {@code DOCMILL_TEST_STORES} names those that must be there, separated
 * by commas, and {@code bin/test} sets it; without it, the tests run against the embedded one and the servers that an
 * earlier {@code bin/test} has built on this machine.
 */
enum StoreKind {
    EMBEDDED,
    VERSITYGW,
    MINIO;

    static Stream<StoreKind> tested() {
        String required = System.getenv("DOCMILL_TEST_STORES");
        return required == null || required.isBlank()
                ? Arrays.stream(values()).filter(StoreKind::isThere)
                : Arrays.stream(required.split(",", -1)).map(StoreKind::named);
    }

    private static StoreKind named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.programName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("DOCMILL_TEST_STORES names " + name
                        + "; it takes embedded, versitygw and minio, separated by commas"));
    }

    private boolean isThere() {
        return this == EMBEDDED || program().toFile().canExecute();
    }

    private String programName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where {@code bin/lib/stores.sh} puts it. */
    private Path program() {
        return cache().resolve("bin").resolve(programName());
    }

    private static Path cache() {
        return environment("DOCMILL_CACHE")
                .map(Path::of)
                .or(() -> environment("XDG_CACHE_HOME").map(home -> Path.of(home, "docmill")))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "docmill"));
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }

    /**
     * Starts it.
     *
     * @param directory an empty one, for its data
     * @throws IllegalStateException if it is not on this machine, or does not start
     */
    StoreUnderTest start(Path directory) {
        requireThere();
        return switch (this) {
            case EMBEDDED -> StoreUnderTest.embedded(directory);
            case VERSITYGW -> StoreServer.start(this::versitygw, directory);
            case MINIO -> StoreServer.start(this::minio, directory);
        };
    }

    /** As {@link #start}, by HTTPS. */
    StoreUnderTest startEncrypted(Path directory, TestCertificate certificate) {
        requireThere();
        Path certificates = directory.resolve("certificates");
        Path key = certificate.keyFile(certificates, "private.key");
        Path chain = certificate.certificateFile(certificates, "public.crt");
        return switch (this) {
            case EMBEDDED -> StoreUnderTest.embedded(directory.resolve("store"), certificate);
            case VERSITYGW ->
                StoreServer.startEncrypted(
                        (address, account, own) -> versitygw(address, account, own)
                                .with("--cert", chain.toString(), "--key", key.toString()),
                        directory);
            case MINIO ->
                StoreServer.startEncrypted(
                        (address, account, own) ->
                                minio(address, account, own).with("--certs-dir", certificates.toString()),
                        directory);
        };
    }

    /** Starts versitygw so that {@link #makeAccount} can give it more accounts. */
    static StoreUnderTest startWithAccounts(Path directory) {
        VERSITYGW.requireThere();
        String accounts = StoreServer.newDirectory(directory, "accounts");
        return StoreServer.start(
                (address, account, own) ->
                        VERSITYGW.versitygw(address, account, own).with("--iam-dir", accounts),
                directory);
    }

    /** Gives a versitygw an account that may do what the policies of buckets say, and tells how the store is reached by it. */
    static StoreSettings makeAccount(StoreSettings administrator, String name) {
        String secret = "secret of " + name;
        List<String> command = List.of(
                VERSITYGW.program().toString(),
                "admin",
                "--access",
                administrator.accessKey().value(),
                "--secret",
                administrator.secretKey().value(),
                "--endpoint-url",
                administrator.endpoint().toString(),
                "create-user",
                "--access",
                name,
                "--secret",
                secret,
                "--role",
                "user");
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("versitygw made no account: " + answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return administrator.withAccount(name, secret);
    }

    private void requireThere() {
        if (!isThere()) {
            throw new IllegalStateException(
                    "DOCMILL_TEST_STORES asks for %s, but there is no %s. bin/test builds it; to test without it: DOCMILL_TEST_STORES=embedded"
                            .formatted(programName(), program()));
        }
    }

    /** It keeps metadata in extended attributes, as the embedded one does. */
    private StoreServer.Command versitygw(String address, StoreServer.Account account, Path directory) {
        String data = StoreServer.newDirectory(directory, "data");
        return new StoreServer.Command(
                List.of(program().toString(), "--port", address),
                List.of("posix", data),
                Map.of("ROOT_ACCESS_KEY", account.accessKey(), "ROOT_SECRET_KEY", account.secretKey()));
    }

    private StoreServer.Command minio(String address, StoreServer.Account account, Path directory) {
        String data = StoreServer.newDirectory(directory, "data");
        return new StoreServer.Command(
                List.of(program().toString(), "server", "--address", address),
                List.of(data),
                Map.of(
                        "MINIO_ROOT_USER",
                        account.accessKey(),
                        "MINIO_ROOT_PASSWORD",
                        account.secretKey(),
                        "MINIO_BROWSER",
                        "off",
                        // It would ask the internet for a newer version.
                        "MINIO_UPDATE",
                        "off"));
    }
}
