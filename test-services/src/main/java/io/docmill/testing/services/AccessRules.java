package io.docmill.testing.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The least that the accounts of gateways and workers need, as the folder {@code deploy} has it for operators. */
public final class AccessRules {
    private static final String ANY_HOST = "*";
    private static final String PASSWORD = "#SHA256-OF-THE-PASSWORD";

    private final Path folder;

    /**
     * @param folder the folder {@code deploy}
     */
    public AccessRules(Path folder) {
        this.folder = folder;
    }

    /** Rules of Kafka for all accounts. */
    public List<AclBinding> kafka() {
        return lines("kafka-acls.txt")
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .flatMap(AccessRules::bindings)
                .toList();
    }

    private static Stream<AclBinding> bindings(String line) {
        List<String> words = Arrays.asList(line.split("\\s+", -1));
        ResourcePattern resource =
                new ResourcePattern(ResourceType.fromString(words.get(1)), words.get(2), PatternType.LITERAL);
        return words.stream()
                .skip(3)
                .map(AccessRules::operation)
                .map(operation -> new AclBinding(
                        resource,
                        new AccessControlEntry("User:" + words.get(0), ANY_HOST, operation, AclPermissionType.ALLOW)));
    }

    /** The same rule for another account of Kafka. */
    public static AclBinding of(String principal, AclBinding rule) {
        return new AclBinding(
                rule.pattern(),
                new AccessControlEntry(principal, ANY_HOST, rule.entry().operation(), AclPermissionType.ALLOW));
    }

    private static AclOperation operation(String word) {
        return AclOperation.fromString(
                word.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
    }

    /** Accounts of Redis, with a password of a test. */
    public List<String> redis(String password) {
        return lines("redis-users.acl")
                .map(line -> line.replace(PASSWORD, ">" + password))
                .toList();
    }

    private Stream<String> lines(String file) {
        try {
            return Files.readAllLines(folder.resolve(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
