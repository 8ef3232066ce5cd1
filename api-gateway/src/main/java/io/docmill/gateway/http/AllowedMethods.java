package io.docmill.gateway.http;

import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which methods each path of the contract takes, for the answer to one that it does not take. */
final class AllowedMethods {
    private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

    private final Map<Pattern, TreeSet<String>> methods = new LinkedHashMap<>();

    AllowedMethods(OpenAPIContract contract) {
        Map<String, TreeSet<String>> ofPaths = new LinkedHashMap<>();
        for (Operation operation : contract.operations()) {
            ofPaths.computeIfAbsent(operation.getOpenAPIPath(), _ -> new TreeSet<>())
                    .add(operation.getHttpMethod().name());
        }
        ofPaths.forEach((path, taken) ->
                methods.put(Pattern.compile(PARAMETER.matcher(path).replaceAll("[^/]+")), taken));
    }

    /** The value of the header {@code Allow} for a path; what the contract does not have is only read. */
    String of(String path) {
        return methods.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).matches())
                .findFirst()
                .map(entry -> String.join(", ", entry.getValue()))
                .orElse("GET");
    }
}
