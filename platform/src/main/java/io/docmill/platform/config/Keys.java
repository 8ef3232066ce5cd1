package io.docmill.platform.config;

import io.docmill.model.security.ServiceKey;
import java.util.Base64;
import java.util.List;

/** Keys as they stand in settings. */
public final class Keys {
    private Keys() {}

    /**
     * The service's own key from its setting.
     *
     * @throws InvalidSettingsException if it is not at least 32 bytes in base64
     */
    public static ServiceKey serviceKey(Secret setting) {
        try {
            return new ServiceKey(Base64.getDecoder().decode(setting.value().strip()));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(
                    List.of(
                            "DOCMILL_SERVICE_KEY: takes at least 32 random bytes in base64, such as `openssl rand -base64 32` prints"));
        }
    }
}
