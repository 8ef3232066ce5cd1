package io.docmill.system;

import static java.util.stream.Collectors.toMap;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** The images that {@code bin/test containers} has found or built, by the service of docker-compose.yml that they are for. */
final class ContainerImages {
    private static final Map<String, String> IMAGES = Arrays.stream(
                    environment("DOCMILL_TEST_IMAGES").split(" "))
            .map(image -> image.split("=", 2))
            .collect(toMap(image -> image[0], image -> image[1]));

    private ContainerImages() {}

    /** The image of a service, which must be there. */
    static String of(String service) {
        String image = IMAGES.get(service);
        if (image == null) {
            throw new AssertionError("There is no image for " + service + " among " + IMAGES);
        }
        return image;
    }

    /** The services that there are images for. */
    static Set<String> services() {
        return IMAGES.keySet();
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            throw new AssertionError(name + " is not set: tests of containers are run by bin/test containers");
        }
        return value;
    }
}
