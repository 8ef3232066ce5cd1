package io.docmill.launcher;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.docmill.platform.config.ByteSize;
import io.docmill.platform.config.Certificates;
import io.docmill.platform.config.ClientCertificate;
import io.docmill.platform.config.Secret;
import io.docmill.platform.config.Settings;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** A table of settings, made from their interface: types and defaults from the class, meanings from the source's Javadoc. */
final class SettingsTable {
    private static final String HEAD = """
            | variable | type | default | meaning |
            | --- | --- | --- | --- |
            """;

    private static final Map<Class<?>, String> KINDS = Map.ofEntries(
            Map.entry(String.class, "text"),
            Map.entry(int.class, "number"),
            Map.entry(double.class, "number"),
            Map.entry(Short.class, "number"),
            Map.entry(OptionalInt.class, "number"),
            Map.entry(URI.class, "URL"),
            Map.entry(Path.class, "path"),
            Map.entry(Duration.class, "duration"),
            Map.entry(ByteSize.class, "size"),
            Map.entry(Secret.class, "secret"),
            Map.entry(Certificates.class, "PEM"),
            Map.entry(ClientCertificate.class, "PEM, secret"));

    private final Map<String, String> meanings = new LinkedHashMap<>();

    private SettingsTable() {}

    /**
     * The table of an interface, in the order of the source. A method that returns a section has no row.
     *
     * @param owner the interface that has the methods
     * @param sources where its module's sources begin
     * @param prefix what the names of the settings begin with, such as {@code docmill.storage}
     */
    static String of(Class<?> owner, Path sources, String prefix) throws IOException {
        SettingsTable table = new SettingsTable();
        table.read(owner, sources);
        return HEAD
                + table.meanings.entrySet().stream()
                        .flatMap(entry -> row(owner, entry.getKey(), entry.getValue(), prefix).stream())
                        .collect(Collectors.joining());
    }

    private void read(Class<?> owner, Path sources) throws IOException {
        Class<?> outer = owner.getNestHost();
        Path file = sources.resolve(outer.getName().replace('.', '/') + ".java");
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
            var documentation = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new TreePathScanner<@Nullable Void, @Nullable Void>() {
                    @Override
                    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
                        var section = getCurrentPath().getParentPath().getLeaf();
                        if (section instanceof ClassTree type
                                && type.getSimpleName().contentEquals(owner.getSimpleName())) {
                            String comment = documentation.getDocComment(getCurrentPath());
                            meanings.put(method.getName().toString(), comment == null ? "" : markdown(comment));
                        }
                        return null;
                    }
                }.scan(unit, null);
            }
        }
    }

    private static String markdown(String comment) {
        return comment.strip().replaceAll("\\s+", " ").replaceAll("\\{@code ([^}]*)}", "`$1`");
    }

    private static Optional<String> row(Class<?> owner, String name, String meaning, String prefix) {
        Method method = method(owner, name);
        Type type = method.getGenericReturnType();
        boolean optional = method.getReturnType() == Optional.class || method.getReturnType() == OptionalInt.class;
        Type value = type instanceof ParameterizedType parameterized
                ? parameterized.getActualTypeArguments()[0]
                : method.getReturnType();
        return kind((Class<?>) value).map(kind -> {
            if (meaning.isEmpty()) {
                throw new IllegalStateException(owner.getName() + "." + name + " does not say what it means");
            }
            WithDefault fallback = method.getAnnotation(WithDefault.class);
            return "| `%s` | %s | %s | %s |\n"
                    .formatted(
                            Settings.environmentName(prefix + "." + hyphenated(name)),
                            kind,
                            fallback != null ? "`" + fallback.value() + "`" : optional ? "none" : "–",
                            meaning);
        });
    }

    private static Method method(Class<?> owner, String name) {
        try {
            return owner.getDeclaredMethod(name);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("The sources are not those of the classes", e);
        }
    }

    private static String hyphenated(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** How the value is written; empty for a section. */
    private static Optional<String> kind(Class<?> type) {
        if (type.isEnum()) {
            return Optional.of(Arrays.stream(type.getEnumConstants())
                    .map(constant -> "`" + constant.toString().toLowerCase(Locale.ROOT) + "`")
                    .collect(Collectors.joining(", ")));
        }
        return Optional.ofNullable(KINDS.get(type));
    }
}
