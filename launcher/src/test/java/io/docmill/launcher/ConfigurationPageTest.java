package io.docmill.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.gateway.GatewaySettings;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.ManagementSettings;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Settings;
import io.docmill.platform.config.StorageSettings;
import io.docmill.platform.config.TracingSettings;
import io.docmill.worker.WorkerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/configuration.md are made from the typed settings. With {@code -Ddocmill.docs.write=true} this writes
 * them; without it, it tells where they differ.
 */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- made from (\\S+) -->\n).*?(<!-- end -->\n)", Pattern.DOTALL);

    /** An interface of settings, with the module that has its source. */
    private record Section(Class<?> owner, String module, String prefix) {
        static Stream<Section> all() {
            return Stream.of(
                    new Section(GatewaySettings.class, "api-gateway", Settings.PREFIX),
                    new Section(GatewaySettings.Gateway.class, "api-gateway", "docmill.gateway"),
                    new Section(WorkerSettings.class, "conversion-worker", Settings.PREFIX),
                    new Section(WorkerSettings.Worker.class, "conversion-worker", "docmill.worker"),
                    new Section(StorageSettings.class, "platform", "docmill.storage"),
                    new Section(KafkaSettings.class, "platform", "docmill.kafka"),
                    new Section(RedisSettings.class, "platform", "docmill.redis"),
                    new Section(ManagementSettings.class, "platform", "docmill.management"),
                    new Section(TracingSettings.class, "platform", "docmill.tracing"));
        }

        String table() throws IOException {
            return SettingsTable.of(owner, Path.of("..", module, "src/main/java"), prefix);
        }
    }

    @Test
    void tablesAreThoseOfTheSettings() throws IOException {
        // Given
        String page = Files.readString(PAGE);
        // When
        String made = withTables(page);
        if (Boolean.getBoolean("docmill.docs.write")) {
            Files.writeString(PAGE, made);
            page = made;
        }
        // Then
        assertThat(page)
                .as("docs/configuration.md; -Ddocmill.docs.write=true writes its tables")
                .isEqualTo(made);
    }

    @Test
    void pageHasEverySetting() throws IOException {
        // Given
        String page = Files.readString(PAGE);
        // Then
        assertThat(Stream.concat(
                        Settings.variables(GatewaySettings.class).stream(),
                        Settings.variables(WorkerSettings.class).stream()))
                .hasSizeGreaterThan(40)
                .allSatisfy(variable -> assertThat(page).contains("\n| `" + variable + "` |"));
    }

    @Test
    void sharedSettingMeansTheSameInBothProcesses() throws IOException {
        assertThat(new Section(GatewaySettings.class, "api-gateway", Settings.PREFIX).table())
                .isEqualTo(new Section(WorkerSettings.class, "conversion-worker", Settings.PREFIX).table());
    }

    private static String withTables(String page) throws IOException {
        StringBuilder made = new StringBuilder();
        Matcher matcher = TABLE.matcher(page);
        while (matcher.find()) {
            matcher.appendReplacement(
                    made, Matcher.quoteReplacement(matcher.group(1) + table(matcher.group(2)) + matcher.group(3)));
        }
        return matcher.appendTail(made).toString();
    }

    private static String table(String name) throws IOException {
        return Section.all()
                .filter(section -> section.owner().getSimpleName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("docs/configuration.md asks for the table of " + name))
                .table();
    }
}
