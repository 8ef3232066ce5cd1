package io.docmill.gateway;

import io.docmill.platform.config.ByteSize;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.ManagementSettings;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Secret;
import io.docmill.platform.config.StorageSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** All that a gateway is told. */
@ConfigMapping(prefix = "docmill")
public interface GatewaySettings {
    /** The service's own key, the same for all gateways and workers: at least 32 random bytes in base64. */
    Secret serviceKey();

    StorageSettings storage();

    KafkaSettings kafka();

    RedisSettings redis();

    ManagementSettings management();

    Gateway gateway();

    /** What concerns the gateway alone. */
    interface Gateway {
        @WithDefault("0.0.0.0")
        String host();

        /** The port of the API; 0 takes any free port. */
        @WithDefault("8080")
        int port();

        /** Base URL under which callers reach the gateway, such as {@code https://docs.example.com}; the request's own without it. */
        Optional<URI> publicUrl();

        /** The largest file that is taken. */
        @WithDefault("200MB")
        ByteSize maxUpload();

        /** Where uploads lie until they are in object storage. Emptied at start. */
        @WithDefault("/tmp/docmill-gateway")
        Path spoolDirectory();

        /** How much may lie there at once. */
        @WithDefault("10GB")
        ByteSize spoolQuota();

        /** How long a call waits for its conversion before it is answered 202. Load balancers commonly cut at 60 s. */
        @WithDefault("50s")
        Duration waitLimit();

        /**
         * How long the gateway goes on as before once it is told to end and says that it is not ready: what a load balancer
         * needs to notice.
         */
        @WithDefault("3s")
        Duration drainDelay();

        /** How long requests under way may go on after that; longer than the wait limit, so that nobody who waits is cut off. */
        @WithDefault("55s")
        Duration drainTime();

        /** A key with the role {@code operator}, made at start if it does not exist: the first key of a new installation. */
        Optional<Secret> bootstrapOperatorKey();
    }
}
