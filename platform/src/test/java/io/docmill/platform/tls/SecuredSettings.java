package io.docmill.platform.tls;

import io.docmill.platform.config.Certificates;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Settings;
import io.docmill.platform.config.StorageSettings;
import io.docmill.testing.services.TestAuthority;
import io.smallrye.config.ConfigMapping;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a process is told of its neighbours. */
@ConfigMapping(prefix = Settings.PREFIX)
interface SecuredSettings {
    /** For all three neighbours. */
    Optional<Certificates> trustedCertificates();

    StorageSettings storage();

    KafkaSettings kafka();

    RedisSettings redis();

    /** Settings with what a test says, and for the others neighbours that no test reaches. */
    static SecuredSettings of(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "docmill.storage.endpoint", "https://localhost:1",
                "docmill.storage.access-key", "account",
                "docmill.storage.secret-key", "hush",
                "docmill.kafka.bootstrap-servers", "localhost:1",
                "docmill.redis.address", "rediss://localhost:1"));
        settings.putAll(more);
        return Settings.fromProperties(SecuredSettings.class, settings);
    }

    /** As {@link #of}, where all neighbours may have certificates of an authority. */
    static SecuredSettings trusting(TestAuthority authority, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("docmill.trusted-certificates", authority.pem());
        return of(settings);
    }
}
