package io.docmill.gateway.http;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.key.KeyId;
import io.docmill.gateway.key.KeyRevocation;
import io.docmill.gateway.key.StoredKey;
import io.docmill.gateway.key.StoredKeys;
import io.docmill.gateway.key.StoredKeys.NewKey;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.ApiKeyRecord.Role;
import io.docmill.model.record.ApiKeyRecord.ScopeKind;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** {@code /v1/admin/keys}: make, list, revoke. The body was validated by the contract. */
final class KeyHandlers {
    private final StoredKeys keys;
    private final KeyRevocation revocation;
    private final BlockingCalls blocking;

    KeyHandlers(StoredKeys keys, KeyRevocation revocation, BlockingCalls blocking) {
        this.keys = keys;
        this.revocation = revocation;
        this.blocking = blocking;
    }

    void create(RoutingContext context) {
        Parameters.allow(context);
        JsonObject body = JsonBodies.of(context);
        String scopeId = body.getString("scope_id");
        ScopeId scope = scopeId == null
                ? ScopeId.create()
                : ScopeId.parse(scopeId)
                        .orElseThrow(() -> new ApiException(ApiError.invalidRequest(
                                "'scope_id' takes the 'scope_id' of another key, or nothing for a new scope.")));
        ScopeKind kind = ScopeKind.valueOf(body.getString("scope").toUpperCase(Locale.ROOT));
        Role role = Role.valueOf(body.getString("role", "user").toUpperCase(Locale.ROOT));
        blocking.call(() -> keys.create(body.getString("name"), kind, scope, role))
                .compose(made -> Responses.json(context, 201, made(made)))
                .onFailure(context::fail);
    }

    void list(RoutingContext context) {
        Parameters.allow(context, "limit", "cursor");
        KeyId after = Parameters.cursor(context, KeyId::parse);
        int limit = Parameters.limit(context);
        blocking.call(() -> keys.list(after, limit))
                .map(page -> page.orElseThrow(() -> new ApiException(ApiError.invalidCursor())))
                .compose(page -> Responses.json(context, 200, Responses.page(page, KeyHandlers::listed)))
                .onFailure(context::fail);
    }

    void revoke(RoutingContext context) {
        Parameters.allow(context);
        KeyId id = KeyId.parse(Parameters.path(context, "key_id"))
                .orElseThrow(() -> new ApiException(ApiError.notFound()));
        revocation
                .revoke(id)
                .compose(outcome -> switch (outcome) {
                    case REVOKED -> context.response().setStatusCode(204).end();
                    case NOT_FOUND -> ConversionAnswers.failed(ApiError.notFound());
                    case LAST_OPERATOR -> ConversionAnswers.failed(ApiError.lastOperator());
                    case NOT_TOLD ->
                        ConversionAnswers.failed(
                                ApiError.unavailable(
                                        "The key is revoked, but other gateways could not be told and may let it in for 5 minutes more."));
                })
                .onFailure(context::fail);
    }

    private static Map<String, Object> made(NewKey made) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", made.stored().id().toString());
        body.put("key", made.key().text());
        put(body, made.stored());
        return body;
    }

    private static Map<String, Object> listed(StoredKey key) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", key.id().toString());
        put(body, key);
        body.put("revoked_at", Responses.orNull(key.record().revokedAt()));
        return body;
    }

    private static void put(Map<String, Object> body, StoredKey key) {
        body.put("name", key.record().name());
        body.put("scope", key.record().scopeKind());
        body.put("scope_id", key.record().scope());
        body.put("role", key.record().role());
        body.put("created_at", key.record().createdAt());
    }
}
