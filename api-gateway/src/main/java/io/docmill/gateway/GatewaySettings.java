package io.docmill.gateway;

import io.docmill.platform.config.ByteSize;
import io.docmill.platform.config.Certificates;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.ManagementSettings;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Secret;
import io.docmill.platform.config.StorageSettings;
import io.docmill.platform.config.TracingSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** All that a gateway is told. */
@ConfigMapping(prefix = "docmill")
public interface GatewaySettings {
    /**
     * The service's own key, the same for all gateways and workers: base64 of at least 32 random bytes, or text of at least 32
     * bytes. Signs download URLs and protects the passwords of documents. With another key, URLs that were given out stop to
     * work and conversions with a password are new ones.
     */
    Secret serviceKey();

    /**
     * A second service key that is accepted while the service's own is changed: what it has signed and sealed opens too. First
     * the next key, then the last one; {@code docs/deployment.md} tells how.
     */
    Optional<Secret> serviceKeyAccepted();

    /**
     * Certificates of authorities that Kafka, Redis and the store are trusted by besides Java's own: PEM, best from a file that
     * {@code DOCMILL_TRUSTED_CERTIFICATES_FILE} names.
     */
    Optional<Certificates> trustedCertificates();

    StorageSettings storage();

    KafkaSettings kafka();

    RedisSettings redis();

    ManagementSettings management();

    TracingSettings tracing();

    Gateway gateway();

    /** What concerns the gateway alone. */
    interface Gateway {
        /** The address of the API. */
        @WithDefault("0.0.0.0")
        String host();

        /** The port of the API; 0 takes any free one. */
        @WithDefault("8080")
        int port();

        /**
         * The URL under which callers reach the gateway, such as {@code https://docs.example.com}: what download URLs begin with.
         * Without it they begin with the host that the request names. Set it behind a proxy.
         */
        Optional<URI> publicUrl();

        /** The largest file that is taken. */
        @WithDefault("200MB")
        ByteSize maxUpload();

        /**
         * How long a body may come slower than 1,000 bytes a second before the call is answered 408 and its connection closed.
         */
        @WithDefault("30s")
        Duration bodyPatience();

        /**
         * Where uploads lie until they are in object storage. Of this gateway and its user alone; made if it is absent, and
         * emptied at start.
         */
        @WithDefault("/tmp/docmill-gateway")
        Path spoolDirectory();

        /** How much may lie there at once; past it an upload is answered 503. */
        @WithDefault("10GB")
        ByteSize spoolQuota();

        /**
         * How long a call waits for its conversion before it is answered 202. Less than what proxies in front allow, commonly
         * 60 s.
         */
        @WithDefault("50s")
        Duration waitLimit();

        /**
         * How long a gateway goes on as before after SIGTERM, while {@code /health/ready} says 503 and answers say
         * {@code Connection: close}: what the load balancer in front needs to notice. {@code 0s} where there is none.
         */
        @WithDefault("3s")
        Duration drainDelay();

        /**
         * How long requests under way may go on after that, while no more connections are taken. Longer than the wait limit, so
         * that nobody who waits is cut off. Allow both and 10 s more before it is killed.
         */
        @WithDefault("55s")
        Duration drainTime();

        /**
         * An API key ({@code sk_live_…}) that is made with the role {@code operator} at start if it does not exist: the first key
         * of a new installation.
         */
        Optional<Secret> bootstrapOperatorKey();
    }
}
