package io.docmill.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The contract, {@code openapi.yaml}: what there is to call, and who needs a key for it. */
final class Contract {
    /** Where it is, on the class path and below {@code /}. */
    static final String FILE = "openapi.yaml";

    private static final String SECURITY = "security";

    private final OpenAPIContract operations;
    private final Set<String> withoutKey;

    private Contract(OpenAPIContract operations, Set<String> withoutKey) {
        this.operations = operations;
        this.withoutKey = withoutKey;
    }

    /**
     * Reads it. What it says of keys is kept apart, because Vert.x's router has no handler for a bearer token that is an API key, and
     * refuses a contract whose security it has no handlers for.
     */
    static Future<Contract> load(Vertx vertx) {
        return vertx.fileSystem().readFile(FILE).compose(yaml -> {
            Map<String, Object> read =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml.toString(StandardCharsets.UTF_8));
            JsonObject contract = new JsonObject(read);
            Set<String> withoutKey = takeSecurity(contract);
            return OpenAPIContract.from(vertx, contract).map(operations -> new Contract(operations, withoutKey));
        });
    }

    /** Removes what the contract says of security, and gives the ids of the operations that need no key. */
    private static Set<String> takeSecurity(JsonObject contract) {
        Set<String> withoutKey = new HashSet<>();
        contract.remove(SECURITY);
        contract.getJsonObject("components").remove("securitySchemes");
        contract.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue()).forEach(method -> {
                    if (method.getValue() instanceof JsonObject operation
                            && operation.remove(SECURITY) instanceof JsonArray schemes
                            && schemes.isEmpty()) {
                        withoutKey.add(operation.getString("operationId"));
                    }
                }));
        return withoutKey;
    }

    OpenAPIContract operations() {
        return operations;
    }

    boolean needsKey(String operation) {
        return !withoutKey.contains(operation);
    }
}
