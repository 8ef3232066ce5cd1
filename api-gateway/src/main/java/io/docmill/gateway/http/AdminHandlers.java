package io.docmill.gateway.http;

import io.docmill.gateway.key.ApiKeys;
import io.docmill.gateway.key.ApiKeys.NewKey;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.ApiKeyRecord.Role;
import io.docmill.model.record.ApiKeyRecord.ScopeKind;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code /v1/admin}: what an operator does. The bodies were validated by the contract. */
final class AdminHandlers {
    private final ApiKeys keys;

    AdminHandlers(ApiKeys keys) {
        this.keys = keys;
    }

    /** Lets only operators on. */
    static void requireOperator(RoutingContext context) {
        switch (Requests.caller(context).role()) {
            case OPERATOR -> context.next();
            case USER -> context.fail(new ApiException(ApiError.forbidden()));
        }
    }

    void createKey(RoutingContext context) {
        JsonObject body = JsonBodies.of(context);
        String scopeId = body.getString("scope_id");
        ScopeId scope = scopeId == null
                ? ScopeId.create()
                : ScopeId.parse(scopeId)
                        .orElseThrow(() -> new ApiException(ApiError.invalidRequest(
                                "'scope_id' takes the 'scope_id' of another key, or nothing for a new scope.")));
        keys.create(
                        body.getString("name"),
                        ScopeKind.valueOf(body.getString("scope").toUpperCase(Locale.ROOT)),
                        scope,
                        Role.valueOf(body.getString("role", "user").toUpperCase(Locale.ROOT)))
                .compose(made -> Responses.json(context, 201, key(made)))
                .onFailure(context::fail);
    }

    private static Map<String, Object> key(NewKey made) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", "key_" + made.key().sha256());
        body.put("key", made.key().text());
        body.put("name", made.record().name());
        body.put("scope", made.record().scopeKind());
        body.put("scope_id", made.record().scope());
        body.put("role", made.record().role());
        body.put("created_at", made.record().createdAt());
        return body;
    }
}
