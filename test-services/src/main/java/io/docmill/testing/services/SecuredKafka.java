package io.docmill.testing.services;

import io.docmill.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;

/**
 * A broker that Docmill reaches by TLS alone, with an account by SCRAM-SHA-512, and that allows each account what its access
 * rules say and nothing else. By another port of 127.0.0.1, without either, the test itself makes accounts and rules.
 */
public final class SecuredKafka implements AutoCloseable {
    private static final String MECHANISM = "SCRAM-SHA-512";
    private static final int ITERATIONS = 4096;

    private final EmbeddedKafka kafka;
    private final int port;
    private final Admin admin;

    private SecuredKafka(EmbeddedKafka kafka, int port) {
        this.kafka = kafka;
        this.port = port;
        admin = Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }

    /**
     * Starts it.
     *
     * @param directory made if absent
     */
    public static SecuredKafka start(Path directory, TestCertificate certificate) {
        return start(directory, certificate, null);
    }

    /**
     * Starts it.
     *
     * @param clients the authority of the certificates that clients have to show, or null where they need none
     */
    public static SecuredKafka start(Path directory, TestCertificate certificate, @Nullable TestAuthority clients) {
        int port = TestPort.choose();
        Map<String, String> settings = new HashMap<>(Map.of(
                "listeners",
                "SECURED://127.0.0.1:" + port,
                "advertised.listeners",
                "SECURED://localhost:" + port,
                "listener.security.protocol.map",
                "SECURED:SASL_SSL",
                "listener.name.secured.sasl.enabled.mechanisms",
                MECHANISM,
                "listener.name.secured.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "listener.name.secured.ssl.keystore.type",
                "PEM",
                "listener.name.secured.ssl.keystore.key",
                certificate.keyPem(),
                "listener.name.secured.ssl.keystore.certificate.chain",
                certificate.certificatePem()));
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // The broker's own calls, and those of the test, come by the other port, where nobody has a name.
        settings.put("super.users", "User:ANONYMOUS");
        if (clients != null) {
            settings.put("listener.name.secured.ssl.client.auth", "required");
            settings.put("listener.name.secured.ssl.truststore.type", "PEM");
            settings.put("listener.name.secured.ssl.truststore.certificates", clients.pem());
        }
        return new SecuredKafka(EmbeddedKafka.start(directory, TestPort.choose(), settings), port);
    }

    /** Where Docmill connects. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** What Docmill is told, by the names of the settings. */
    public Map<String, String> settings(String account, String password) {
        return Map.of(
                "docmill.kafka.bootstrap-servers",
                bootstrapServers(),
                "docmill.kafka.security-protocol",
                "SASL_SSL",
                "docmill.kafka.sasl-mechanism",
                MECHANISM,
                "docmill.kafka.sasl-jaas-config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                        .formatted(account, password));
    }

    /** Makes an account that may do nothing yet, or gives it another password. */
    public void account(String name, String password) {
        done(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), password)))
                .all());
    }

    /** Removes an account. */
    public void removeAccount(String name) {
        done(admin.alterUserScramCredentials(
                        List.of(new UserScramCredentialDeletion(name, ScramMechanism.SCRAM_SHA_512)))
                .all());
    }

    /** Adds access rules. */
    public void allow(Collection<AclBinding> rules) {
        done(admin.createAcls(rules).all());
    }

    /** A client that may do everything. */
    public Admin admin() {
        return admin;
    }

    private static void done(KafkaFuture<?> answer) {
        try {
            answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        kafka.close();
    }
}
