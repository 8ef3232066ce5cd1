package io.docmill.gateway.download;

import io.docmill.model.json.Json;
import io.docmill.model.security.ServiceKey;
import io.docmill.platform.storage.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;

/**
 * Signs downloads: by the store where callers reach it, otherwise by the service's own key for the gateway's download
 * path. Signing makes no call either way. Thread-safe.
 */
public final class DownloadUrls {
    /** The path under which the gateway serves what it signed. */
    public static final String PATH = "/v1/downloads/";

    private final ObjectStore objects;
    private final ServiceKey key;
    private final Clock clock;

    public DownloadUrls(ObjectStore objects, ServiceKey key, Clock clock) {
        this.objects = objects;
        this.key = key;
        this.clock = clock;
    }

    /**
     * What a signed path stands for.
     *
     * @param key of the object
     * @param name it downloads under
     * @param type its content type
     * @param expires in seconds since 1970
     */
    public record Download(String key, String name, String type, long expires) {}

    /** Signs a download of an object under a name. */
    public SignedLocation sign(String objectKey, String name, String contentType) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (objects.presigns()) {
            String disposition = FileNames.contentDisposition(name);
            return new SignedLocation(
                    objects.presign(objectKey, disposition, contentType, SignedLocation.VALIDITY), now);
        }
        long expires = now.plus(SignedLocation.VALIDITY).getEpochSecond();
        String payload = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Json.bytes(new Download(objectKey, name, contentType, expires)));
        return new SignedLocation(PATH + payload + '.' + key.signUrl(payload), now);
    }

    /** What a signed path stands for; empty if it was not signed by this service or has expired. */
    public Optional<Download> verify(String token) {
        int dot = token.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        String payload = token.substring(0, dot);
        if (!key.hasSignedUrl(payload, token.substring(dot + 1))) {
            return Optional.empty();
        }
        try {
            Download download = Json.read(Base64.getUrlDecoder().decode(payload), Download.class);
            return clock.instant().getEpochSecond() < download.expires() ? Optional.of(download) : Optional.empty();
        } catch (IllegalArgumentException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
