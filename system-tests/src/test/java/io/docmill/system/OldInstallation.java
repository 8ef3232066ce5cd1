package io.docmill.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What an older version has left behind, as {@code compatibility/README.md} says. */
final class OldInstallation {
    /** The first that made a conversion. */
    static final OldInstallation FIRST = new OldInstallation("db97f5f");

    /** A user's key of {@link #FIRST}; opens nothing but what tests make of it. */
    static final String KEY_OF_FIRST = "sk_live_1ZllSHY94VPoQ4pJjixdNTNSuzdVbEIkpcYExaC1lf83TmIVT";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String commit;

    private OldInstallation(String commit) {
        this.commit = commit;
    }

    /** All objects of the bucket. */
    List<CopiedObject> objects() {
        List<CopiedObject> objects = new ArrayList<>();
        try {
            for (JsonNode object : JSON.readTree(read("objects.json"))) {
                objects.add(new CopiedObject(
                        object.path("key").asText(),
                        object.path("content_type").asText(),
                        object.path("docmill").asText(),
                        object.path("body").asText()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    /** The value of a Kafka record, such as {@code jobs/plain}. */
    byte[] message(String name) {
        return read("messages/" + name + ".json");
    }

    private byte[] read(String name) {
        String resource = "/compatibility/%s/%s".formatted(commit, name);
        try (InputStream content = OldInstallation.class.getResourceAsStream(resource)) {
            if (content == null) {
                throw new IllegalArgumentException("there is no " + resource);
            }
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
