package io.docmill.platform.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.FallbackConfigSourceInterceptor;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * Reads settings into a SmallRye mapping interface, once, in {@code main}. A setting such as
 * {@code docmill.storage.secret-key} comes from the environment as {@code DOCMILL_STORAGE_SECRET_KEY}, from the file that
 * {@code DOCMILL_STORAGE_SECRET_KEY_FILE} names (a mounted secret), or from the properties file that
 * {@code DOCMILL_CONFIG_FILE} names, in that order.
 */
public final class Settings {
    /** What every setting begins with. */
    public static final String PREFIX = "docmill";

    private static final String ENVIRONMENT_PREFIX = "DOCMILL_";
    private static final String CONFIG_FILE = "DOCMILL_CONFIG_FILE";
    private static final String FROM_FILE = "_FILE";
    private static final String TRUSTED_CERTIFICATES = ".trusted-certificates";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

    /** What SmallRye says of a value before it says what is wrong with it. */
    private static final Pattern SMALLRYE_WORDS = Pattern.compile(
            "(java\\S+: )?SRCFG\\d+: |The config property \\S+ (with the config value \".*\" threw an Exception whilst being converted )?",
            Pattern.DOTALL);

    /** Variables of the scripts, the command line and the logging, which no process reads as settings. */
    private static final Set<String> FOREIGN_VARIABLES = Set.of(
            CONFIG_FILE,
            "DOCMILL_BUILD",
            "DOCMILL_CACHE",
            "DOCMILL_HOME",
            "DOCMILL_DATA",
            "DOCMILL_API_KEY",
            "DOCMILL_OPERATOR_KEY",
            "DOCMILL_JAVA_OPTIONS",
            "DOCMILL_LOG_FORMAT");

    /** What tells tests what to test. It reaches the processes that they start. */
    private static final String TEST_PREFIX = "DOCMILL_TEST_";

    /** The sections of each process; a file or environment may serve both, so each passes over the other's. */
    private static final Set<String> SECTIONS_OF_PROCESSES = Set.of("gateway", "worker");

    private Settings() {}

    private static boolean isForeign(String variable) {
        return FOREIGN_VARIABLES.contains(variable) || variable.startsWith(TEST_PREFIX);
    }

    /**
     * Reads settings from an environment.
     *
     * @param mapping an interface with {@code @ConfigMapping(prefix = "docmill")}
     * @throws InvalidSettingsException naming every missing, malformed or unknown setting
     */
    public static <T> T fromEnvironment(Class<T> mapping, Map<String, String> environment) {
        List<String> mistakes = new ArrayList<>();
        Map<String, String> names = new TreeMap<>();
        properties(mapping).forEach(property -> names.put(environmentName(property), property));
        Map<String, String> direct = new HashMap<>();
        Map<String, String> fromFiles = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (!variable.startsWith(ENVIRONMENT_PREFIX) || isForeign(variable)) {
                return;
            }
            String property = names.get(variable);
            String indirect = variable.endsWith(FROM_FILE)
                    ? names.get(variable.substring(0, variable.length() - FROM_FILE.length()))
                    : null;
            if (property != null) {
                direct.put(property, value);
            } else if (indirect != null) {
                readSecretFile(variable, value, mistakes).ifPresent(secret -> fromFiles.put(indirect, secret));
            } else if (!belongsToOtherProcess(variable.substring(ENVIRONMENT_PREFIX.length()), mapping, '_')) {
                mistakes.add("%s is not a setting of this process%s".formatted(variable, suggestion(variable, names)));
            }
        });
        Map<String, String> values = new HashMap<>(configFile(environment, mistakes));
        values.putAll(fromFiles);
        values.putAll(direct);
        return read(mapping, values, mistakes);
    }

    /**
     * Reads settings from properties such as {@code docmill.storage.bucket}.
     *
     * @throws InvalidSettingsException naming every missing, malformed or unknown setting
     */
    public static <T> T fromProperties(Class<T> mapping, Map<String, String> properties) {
        return read(mapping, properties, new ArrayList<>());
    }

    /**
     * The settings of one section that an environment has, by their properties; for a process that makes the others itself.
     *
     * @throws InvalidSettingsException if a file that it names can't be read
     */
    public static Map<String, String> section(Class<?> mapping, String section, Map<String, String> environment) {
        List<String> mistakes = new ArrayList<>();
        Map<String, String> found = new HashMap<>();
        properties(mapping).stream()
                .filter(property -> property.startsWith(PREFIX + "." + section + "."))
                .forEach(property -> {
                    String variable = environmentName(property);
                    String file = environment.get(variable + FROM_FILE);
                    if (environment.containsKey(variable)) {
                        found.put(property, environment.get(variable));
                    } else if (file != null) {
                        readSecretFile(variable + FROM_FILE, file, mistakes)
                                .ifPresent(secret -> found.put(property, secret));
                    }
                });
        if (!mistakes.isEmpty()) {
            throw new InvalidSettingsException(mistakes);
        }
        return found;
    }

    /** The environment variable of every setting in a mapping. */
    public static Set<String> variables(Class<?> mapping) {
        return properties(mapping).stream()
                .map(Settings::environmentName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The environment variable of a property: {@code docmill.storage.bucket} is {@code DOCMILL_STORAGE_BUCKET}. */
    public static String environmentName(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static <T> T read(Class<T> mapping, Map<String, String> values, List<String> mistakes) {
        Set<String> known = properties(mapping);
        values.keySet().stream()
                .filter(property -> !known.contains(property) && property.startsWith(PREFIX + "."))
                .filter(property -> !belongsToOtherProcess(property.substring(PREFIX.length() + 1), mapping, '.'))
                .sorted()
                .forEach(property -> mistakes.add(property + " is not a setting of this process"));
        Map<String, String> ours = new HashMap<>(values);
        ours.keySet().retainAll(known);
        try {
            T settings = new SmallRyeConfigBuilder()
                    .withSources(new PropertiesConfigSource(ours, "settings", 100))
                    .withConverter(Duration.class, 200, unlessEmpty(Settings::duration))
                    .withConverter(ByteSize.class, 200, unlessEmpty(ByteSize::parse))
                    .withConverter(Secret.class, 200, unlessEmpty(Secret::new))
                    .withConverter(Certificates.class, 200, unlessEmpty(Certificates::parse))
                    .withConverter(ClientCertificate.class, 200, unlessEmpty(ClientCertificate::parse))
                    .withInterceptors(new FallbackConfigSourceInterceptor(Settings::general))
                    .withMapping(mapping)
                    .build()
                    .getConfigMapping(mapping);
            if (mistakes.isEmpty()) {
                return settings;
            }
        } catch (ConfigValidationException e) {
            for (int i = 0; i < e.getProblemCount(); i++) {
                mistakes.add(withVariable(e.getProblem(i).getMessage(), known));
            }
        }
        throw new InvalidSettingsException(mistakes);
    }

    /** What a setting of one neighbour takes its value from where it has none: the setting of the same name for all of them. */
    private static String general(String property) {
        return property.endsWith(TRUSTED_CERTIFICATES) ? PREFIX + TRUSTED_CERTIFICATES : property;
    }

    /** SmallRye converts what is absent as well, as an empty text; null says that there is nothing. */
    private static <T> Converter<T> unlessEmpty(Function<String, T> conversion) {
        return text -> text.isEmpty() ? null : conversion.apply(text);
    }

    /** SmallRye names the property; what must be mended is, as a rule, a variable. */
    private static String withVariable(String problem, Set<String> known) {
        return known.stream()
                .filter(problem::contains)
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .map(property -> environmentName(property) + ": "
                        + SMALLRYE_WORDS.matcher(problem).replaceAll(""))
                .orElse(problem);
    }

    private static Set<String> properties(Class<?> mapping) {
        return ConfigMappings.getProperties(ConfigClass.configClass(mapping, PREFIX))
                .keySet();
    }

    private static boolean belongsToOtherProcess(String name, Class<?> mapping, char separator) {
        String section = name.toLowerCase(Locale.ROOT);
        Set<String> known = properties(mapping);
        return SECTIONS_OF_PROCESSES.stream()
                .filter(other -> known.stream().noneMatch(property -> property.startsWith(PREFIX + "." + other + ".")))
                .anyMatch(other -> section.startsWith(other + separator));
    }

    private static String suggestion(String variable, Map<String, String> names) {
        String section = variable.substring(
                0, Math.max(ENVIRONMENT_PREFIX.length(), variable.indexOf('_', ENVIRONMENT_PREFIX.length()) + 1));
        List<String> near =
                names.keySet().stream().filter(name -> name.startsWith(section)).toList();
        return near.isEmpty() || near.size() > 12 ? "" : "; there are " + String.join(", ", near);
    }

    private static Map<String, String> configFile(Map<String, String> environment, List<String> mistakes) {
        String file = environment.get(CONFIG_FILE);
        if (file == null) {
            return Map.of();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            mistakes.add("%s names %s, which can't be read: %s".formatted(CONFIG_FILE, file, e));
        }
        Map<String, String> values = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> values.put(name, properties.getProperty(name)));
        return values;
    }

    private static Optional<String> readSecretFile(String variable, String file, List<String> mistakes) {
        try {
            return Optional.of(Files.readString(Path.of(file)).strip());
        } catch (IOException | IllegalArgumentException e) {
            mistakes.add("%s names %s, which can't be read: %s".formatted(variable, file, e));
            return Optional.empty();
        }
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("takes a time such as 500ms, 30s, 5m or 1h, not '%s'".formatted(text));
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
