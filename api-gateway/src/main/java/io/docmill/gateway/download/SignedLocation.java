package io.docmill.gateway.download;

import java.time.Duration;
import java.time.Instant;

/**
 * Where something can be downloaded for an hour, without a key.
 *
 * @param location a URL of the store, or a path of the gateway, whose host is that of the request or the configured one
 * @param signedAt when it was signed
 */
public record SignedLocation(String location, Instant signedAt) {
    /** How long a signed URL is valid. */
    public static final Duration VALIDITY = Duration.ofHours(1);

    /** A caller gets at least this much of it. */
    private static final Duration LEAST_LEFT = Duration.ofMinutes(55);

    /** When it stops to work. */
    public Instant expiresAt() {
        return signedAt.plus(VALIDITY);
    }

    /**
     * Whether enough of it is left to be given to a caller. What was signed by a clock that is minutes ahead is not: stores
     * refuse a URL from the future.
     */
    public boolean isFresh(Instant now) {
        return !now.isAfter(expiresAt().minus(LEAST_LEFT))
                && !signedAt.isAfter(now.plus(VALIDITY).minus(LEAST_LEFT));
    }

    /** The URL as seen from outside. */
    public String url(String baseUrl) {
        return location.startsWith("/") ? baseUrl + location : location;
    }
}
