package io.docmill.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.TooComplex.Limit;
import io.docmill.model.conversion.ConversionOption;
import io.docmill.model.conversion.OptionType;
import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.contract.ContractCheck;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What the contract says beside what the code does: neither may change without the other. */
class ContractTest {
    private static final String JSON = "application/json";
    private static final ContractCheck CHECK = ContractCheck.of(ContractCheck.CONTRACT);
    private static final JsonObject CONTRACT = asWritten();

    /** One of each way to fail. */
    private static final List<ConversionFailure> FAILURES = List.of(
            new ConversionFailure.SourceMissing(),
            new ConversionFailure.PasswordRequired(),
            new ConversionFailure.WrongPassword(),
            new ConversionFailure.Corrupt(),
            new ConversionFailure.Suspicious(),
            new ConversionFailure.OtherFormat(DocumentFormat.XLSX, DocumentFormat.ODT),
            new ConversionFailure.TooComplex(Limit.TIME, 60),
            new ConversionFailure.EngineCrashed(2),
            new ConversionFailure.WorkersLost(4),
            new ConversionFailure.Interrupted(),
            new ConversionFailure.Canceled());

    /** Without what the validator notes in its own copy. */
    private static JsonObject asWritten() {
        try (InputStream yaml = Files.newInputStream(ContractCheck.CONTRACT)) {
            return new JsonObject(new Yaml(new SafeConstructor(new LoaderOptions())).<Map<String, Object>>load(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Operation> operations() {
        return CHECK.contract().operations();
    }

    private static Operation operation(String id) {
        return operations().stream()
                .filter(operation -> operation.getOperationId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** What stands at a place of the contract, wherever it is written. */
    private static JsonObject resolved(JsonObject object) {
        String reference = object.getString("$ref");
        if (reference == null) {
            return object;
        }
        JsonObject target = CONTRACT;
        for (String step : reference.substring("#/".length()).split("/", -1)) {
            target = target.getJsonObject(step);
        }
        return resolved(target);
    }

    private static JsonObject rawOperation(Operation operation) {
        return CONTRACT.getJsonObject("paths")
                .getJsonObject(operation.getOpenAPIPath())
                .getJsonObject(operation.getHttpMethod().name().toLowerCase(Locale.ROOT));
    }

    private static JsonObject rawContent(JsonObject holder, String mediaType) {
        return resolved(holder).getJsonObject("content", new JsonObject()).getJsonObject(mediaType, new JsonObject());
    }

    /** The examples of a body by what tells them apart. */
    private static Map<String, Object> examples(JsonObject mediaType) {
        Map<String, Object> examples = new LinkedHashMap<>();
        mediaType
                .getJsonObject("examples", new JsonObject())
                .forEach(example -> examples.put(
                        example.getKey(),
                        resolved((JsonObject) example.getValue()).getValue("value")));
        return examples;
    }

    private static JsonSchema schemaNamed(String name) {
        // The form of something in an answer, as its operation has it.
        Response response = operation(name).getResponse(200);
        return Objects.requireNonNull(response.getContent().get(JSON)).getSchema();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyJsonAnswerHasExamplesOfItsForm(Operation operation) {
        JsonObject responses = rawOperation(operation).getJsonObject("responses");
        IntStream.range(100, 600)
                .filter(status -> operation.getResponse(status) != null)
                .forEach(status -> {
                    MediaType json = operation.getResponse(status).getContent().get(JSON);
                    if (json != null) {
                        Map<String, Object> examples =
                                examples(rawContent(responses.getJsonObject(String.valueOf(status)), JSON));
                        assertThat(examples)
                                .as("examples of %s %d", operation.getOperationId(), status)
                                .isNotEmpty();
                        examples.forEach((name, value) -> assertThat(CHECK.mistakes(json.getSchema(), value))
                                .as("example %s of %s %d", name, operation.getOperationId(), status)
                                .isEmpty());
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyBodyOfARequestHasExamplesOfItsForm(Operation operation) {
        if (operation.getRequestBody() == null) {
            return;
        }
        operation.getRequestBody().getContent().forEach((type, content) -> {
            Map<String, Object> examples =
                    examples(rawContent(rawOperation(operation).getJsonObject("requestBody"), type));
            examples.forEach((name, value) -> assertThat(CHECK.mistakes(content.getSchema(), value))
                    .as("example %s of the body of %s", name, operation.getOperationId())
                    .isEmpty());
            if (type.equals(JSON)) {
                assertThat(examples)
                        .as("examples of the body of %s", operation.getOperationId())
                        .isNotEmpty();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyOperationDocumentsWhatAnyCallCanMeet(Operation operation) {
        // Given
        boolean needsKey = !operation.getTags().contains("downloads");
        boolean takesBody = operation.getRequestBody() != null;
        boolean takesId = operation.getOpenAPIPath().contains("{");
        // Then
        assertThat(operation.getTags()).hasSize(1);
        assertDocuments(operation, true, 400, 500, 503);
        assertDocuments(operation, needsKey, 401, 406);
        assertDocuments(operation, takesBody, 408, 413, 415);
        assertDocuments(operation, takesId || operation.getOperationId().equals("convert"), 404);
        if (needsKey) {
            assertDocuments(operation, operation.getTags().contains("admin"), 403);
        }
        assertThat(rawOperation(operation).getString("summary")).isNotBlank();
    }

    private static void assertDocuments(Operation operation, boolean expected, int... statuses) {
        for (int status : statuses) {
            assertThat(operation.getResponse(status) != null)
                    .as("%s documents %d", operation.getOperationId(), status)
                    .isEqualTo(expected);
        }
    }

    @Test
    void tellsOfEveryWayToFail() {
        assertThat(FAILURES).extracting(failure -> (Object) failure.getClass()).containsExactlyInAnyOrder((Object[])
                ConversionFailure.class.getPermittedSubclasses());
        JsonSchema conversion = schemaNamed("getConversion");
        JsonObject answer = resolved(new JsonObject().put("$ref", "#/components/examples/Failed"))
                .getJsonObject("value");
        assertThat(FAILURES).allSatisfy(failure -> {
            ApiError error = ApiError.of(failure);
            JsonObject failed = answer.copy().put("error", new JsonObject(error.body()));
            assertThat(CHECK.mistakes(conversion, failed)).as("%s", failure).isEmpty();
            if (!(failure instanceof ConversionFailure.OtherFormat)) {
                assertDocuments(operation("convertFile"), true, error.status());
            }
        });
    }

    static Stream<String> formsWithOptions() {
        return Stream.of("ConversionForm", "OneCallForm", "Export");
    }

    @ParameterizedTest
    @MethodSource("formsWithOptions")
    void formsTakeTheOptionsOfTheTable(String form) {
        // Given
        Map<String, JsonObject> properties = properties(form);
        Set<String> others = Set.of("file", "format", "download", "keep");
        // Then
        assertThat(new TreeSet<>(properties.keySet()))
                .isSubsetOf(Stream.concat(
                                others.stream(),
                                Arrays.stream(ConversionOption.values()).map(ConversionOption::field))
                        .toList());
        for (ConversionOption option : ConversionOption.values()) {
            assertThat(properties).as(form).containsKey(option.field());
            JsonObject property = Objects.requireNonNull(properties.get(option.field()));
            assertTakesTheSame(option, property);
        }
    }

    /** JSON takes a number or a flag also as the text that a form has. */
    private static void assertTakesTheSame(ConversionOption option, JsonObject property) {
        Object type = property.getValue("type");
        List<?> types = type instanceof JsonArray several ? several.getList() : List.of(type);
        switch (option.type()) {
            case OptionType.Flag() -> assertThat(types.getFirst()).isEqualTo("boolean");
            case OptionType.Text(int longest) -> {
                assertThat(types.getFirst()).isEqualTo("string");
                assertThat(property.getInteger("maxLength")).isEqualTo(longest);
            }
            case OptionType.WholeNumber(int minimum, int maximum, String _) -> {
                assertThat(types.getFirst()).isEqualTo("integer");
                if (types.size() == 1) {
                    assertThat(property.getInteger("minimum")).isEqualTo(minimum);
                    assertThat(property.getInteger("maximum")).isEqualTo(maximum);
                }
            }
        }
        if (option.defaultValue() != null) {
            assertThat(String.valueOf(property.getValue("default")))
                    .isEqualTo(option.defaultValue().asText());
        }
    }

    private static Map<String, JsonObject> properties(String schema) {
        Map<String, JsonObject> properties = new LinkedHashMap<>();
        collect(resolved(new JsonObject().put("$ref", "#/components/schemas/" + schema)), properties);
        return properties;
    }

    private static void collect(JsonObject schema, Map<String, JsonObject> properties) {
        schema.getJsonArray("allOf", new JsonArray()).forEach(part -> collect(resolved((JsonObject) part), properties));
        schema.getJsonObject("properties", new JsonObject())
                .forEach(property -> properties.put(property.getKey(), resolved((JsonObject) property.getValue())));
    }
}
