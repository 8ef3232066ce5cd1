package io.docmill.testing.contract;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.MediaType;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.contract.Response;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds answers to the contract: its operation documents the status, and the answer has the headers, the media type and the form
 * that are documented for it. It remembers which documented answers it has seen. Thread-safe.
 */
public final class ContractCheck {
    /** Where the contract lies, as tests of any module see it. */
    public static final Path CONTRACT = Path.of("../api-gateway/src/main/resources/openapi.yaml");

    private static final String JSON = "application/json";

    /** What a document or a result is sent as has its own type, which the contract can't name. */
    private static final String BYTES = "application/octet-stream";

    private static final int DEFECT = 500;

    private final OpenAPIContract contract;
    private final Set<DocumentedAnswer> seen = new ConcurrentSkipListSet<>();

    private ContractCheck(OpenAPIContract contract) {
        this.contract = contract;
    }

    /**
     * An answer that the contract names.
     *
     * @param operation its name in the contract
     * @param status one of its statuses
     */
    public record DocumentedAnswer(String operation, int status) implements Comparable<DocumentedAnswer> {
        @Override
        public int compareTo(DocumentedAnswer other) {
            int byOperation = operation.compareTo(other.operation);
            return byOperation != 0 ? byOperation : Integer.compare(status, other.status);
        }

        @Override
        public String toString() {
            return operation + " " + status;
        }
    }

    /**
     * Reads a contract.
     *
     * @throws RuntimeException if it is not a valid one
     */
    public static ContractCheck of(Path yaml) {
        Vertx vertx = Vertx.vertx();
        try {
            return new ContractCheck(OpenAPIContract.from(
                            vertx, yaml.toAbsolutePath().normalize().toString())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** The contract itself. */
    public OpenAPIContract contract() {
        return contract;
    }

    /** Every answer of every operation that the contract names. */
    public Set<DocumentedAnswer> documented() {
        return contract.operations().stream()
                .flatMap(operation -> IntStream.range(100, 600)
                        .filter(status -> operation.getResponse(status) != null)
                        .mapToObj(status -> new DocumentedAnswer(operation.getOperationId(), status)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those that {@link #check} has met. */
    public Set<DocumentedAnswer> seen() {
        return new TreeSet<>(seen);
    }

    /** As {@link #check(ApiAnswer)}, of what came for a request. */
    public void check(HttpResponse<byte[]> response) {
        check(ApiAnswer.of(response));
    }

    /**
     * Holds an answer to the contract. Of paths and methods that the contract does not have, errors are held to its form of errors.
     *
     * @throws AssertionError if it breaks the contract, or tells of a defect of the service
     */
    public void check(ApiAnswer answer) {
        if (answer.status() == DEFECT) {
            throw broken(answer, "is a defect");
        }
        Operation operation = operation(answer);
        if (operation == null) {
            if (answer.status() >= 400) {
                requireForm(answer, formOfErrors());
            }
            return;
        }
        Response documented = operation.getResponse(answer.status());
        if (documented == null) {
            throw broken(answer, "has a status that %s does not document".formatted(operation.getOperationId()));
        }
        requireHeaders(answer, documented.getHeaders());
        requireContent(answer, documented);
        seen.add(new DocumentedAnswer(operation.getOperationId(), answer.status()));
    }

    /** One for all: every operation can be called wrongly. */
    private JsonSchema formOfErrors() {
        return Objects.requireNonNull(contract.operations()
                        .getFirst()
                        .getResponse(400)
                        .getContent()
                        .get(JSON))
                .getSchema();
    }

    private @Nullable Operation operation(ApiAnswer answer) {
        return contract.findPath(answer.path()) == null
                ? null
                : contract.findOperation(answer.path(), HttpMethod.valueOf(answer.method()));
    }

    private static void requireHeaders(ApiAnswer answer, List<Parameter> headers) {
        for (Parameter header : headers) {
            Collection<String> values = answer.headers().allValues(header.getName());
            if (header.isRequired() && values.isEmpty()) {
                throw broken(answer, "lacks the header " + header.getName());
            }
            if (values.size() > 1) {
                throw broken(answer, "has the header %s more than once".formatted(header.getName()));
            }
        }
    }

    private void requireContent(ApiAnswer answer, Response documented) {
        if (answer.method().equals("HEAD")) {
            return;
        }
        if (documented.getContent().isEmpty()) {
            if (answer.body().length() > 0) {
                throw broken(answer, "has a body, which is not documented");
            }
            return;
        }
        MediaType json = documented.getContent().get(JSON);
        if (answer.mediaType().equals(JSON) && json != null) {
            requireForm(answer, json.getSchema());
        } else if (!documented.getContent().containsKey(BYTES)) {
            throw broken(answer, "has the type '%s', which is not documented".formatted(answer.mediaType()));
        }
    }

    private void requireForm(ApiAnswer answer, JsonSchema schema) {
        Object body;
        try {
            body = Json.decodeValue(answer.body());
        } catch (DecodeException e) {
            throw broken(answer, "is no JSON: " + e.getMessage());
        }
        mistakes(schema, body).ifPresent(mistakes -> {
            throw broken(answer, "has not the documented form: " + mistakes);
        });
    }

    /** What is wrong with a value; empty if it has the form. */
    public Optional<String> mistakes(JsonSchema schema, Object value) {
        OutputUnit result = contract.getSchemaRepository().validator(schema).validate(value);
        if (Boolean.TRUE.equals(result.getValid())) {
            return Optional.empty();
        }
        return Optional.of(
                result.getErrors() == null
                        ? String.valueOf(result.getError())
                        : result.getErrors().stream()
                                .map(error -> error.getInstanceLocation() + " " + error.getError())
                                .collect(Collectors.joining("; ")));
    }

    private static AssertionError broken(ApiAnswer answer, String how) {
        return new AssertionError("The answer to %s %s breaks the contract: it %s. It is %d %s"
                .formatted(answer.method(), answer.path(), how, answer.status(), beginning(answer)));
    }

    private static String beginning(ApiAnswer answer) {
        return answer.body().getString(0, Math.min(answer.body().length(), 600), StandardCharsets.UTF_8.name());
    }
}
