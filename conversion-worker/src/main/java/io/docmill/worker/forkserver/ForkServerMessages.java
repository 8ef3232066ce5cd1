package io.docmill.worker.forkserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.docmill.model.json.Json;
import io.docmill.worker.plan.OfficeProperties;
import io.docmill.worker.plan.OfficeValue;
import io.docmill.worker.sandbox.DocumentConfinement;
import io.docmill.worker.sandbox.SlotDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The messages of the protocol, version 1. */
final class ForkServerMessages {

    static final int PROTOCOL = 1;

    private ForkServerMessages() {}

    private static ObjectNode message(String type, String id) {
        return Json.mapper().createObjectNode().put("type", type).put("id", id);
    }

    static ObjectNode start(ForkServer.Setup setup, Path profile) {
        var message = Json.mapper()
                .createObjectNode()
                .put("protocol", PROTOCOL)
                .put("program", setup.officeHome().resolve("program").toString())
                .put("profile", profile.toUri().toString().replaceFirst("^file:/+", "file:///"))
                .put("ahead", setup.ahead());
        message.set("confinement", confinement(setup.confinement()));
        var warmUp = message.putArray("warm_up");
        setup.warmUp().forEach(one -> warmUp.add(conversion(one)));
        return message;
    }

    /** What the server is told of a job. What only the child is told comes after it. */
    static ObjectNode job(String id, boolean keep, Optional<ForkedChild> after) {
        var message = message("job", id).put("keep", keep);
        after.ifPresent(earlier -> message.put("after", earlier.id()));
        return message;
    }

    /** @param confinement what belongs to the job */
    static ObjectNode convert(ChildJob job, DocumentConfinement confinement) {
        var message = Json.mapper().createObjectNode().put("type", "convert").put("keep", job.keep());
        message.set("conversion", conversion(job.conversion()));
        return place(message, job.slot(), confinement);
    }

    /** What a child in a slot tries instead of a conversion. */
    static ObjectNode probe(SlotDirectory slot, List<ProbeAttempt> attempts, DocumentConfinement confinement) {
        var message = Json.mapper().createObjectNode().put("type", "probe");
        var array = message.putArray("attempts");
        for (var attempt : attempts) {
            var node = array.addObject().put("try", attempt.what());
            attempt.path().ifPresent(path -> node.put("path", path.toString()));
        }
        return place(message, slot, confinement);
    }

    static ObjectNode kill(String id) {
        return message("kill", id);
    }

    private static ObjectNode place(ObjectNode message, SlotDirectory slot, DocumentConfinement confinement) {
        message.put("directory", slot.scratch().toString());
        message.put("home", slot.home().toString());
        message.put("log", slot.log().toString());
        message.set("confinement", confinement(confinement));
        return message;
    }

    private static ObjectNode conversion(OfficeConversion conversion) {
        var step = conversion.step();
        var node = Json.mapper()
                .createObjectNode()
                .put("input", conversion.input())
                .put("output", conversion.output())
                .put("export_filter", step.exportFilter());
        step.importFilters().forEach(node.putArray("import_filters")::add);
        node.set("load", properties(step.load()));
        node.set("store", properties(step.store()));
        return node;
    }

    private static ObjectNode properties(OfficeProperties properties) {
        var node = Json.mapper().createObjectNode();
        properties.values().forEach((name, value) -> node.set(name, value(value)));
        return node;
    }

    private static JsonNode value(OfficeValue value) {
        var node = Json.mapper().createObjectNode();
        return switch (value) {
            case OfficeValue.Text(var text) -> node.put("text", text);
            case OfficeValue.Secret(var text) -> node.put("text", text);
            case OfficeValue.Flag(var flag) -> node.put("flag", flag);
            case OfficeValue.Whole(var number) -> node.put("long", number);
            case OfficeValue.Small(var number) -> node.put("short", number);
            case OfficeValue.Group(var nested) -> node.set("group", properties(nested));
        };
    }

    private static ObjectNode confinement(DocumentConfinement confinement) {
        var node = Json.mapper().createObjectNode();
        var limits = Json.mapper().createObjectNode();
        confinement.limits().forEach(limits::put);
        node.set("limits", limits);
        if (!confinement.namespaces().isEmpty()) {
            confinement.namespaces().forEach(node.putArray("unshare")::add);
        }
        confinement.user().ifPresent(user -> node.put("user", user));
        confinement.group().ifPresent(group -> node.put("group", group));
        paths(node.putArray("readable"), confinement.readable());
        paths(node.putArray("files"), confinement.files());
        paths(node.putArray("writable"), confinement.writable());
        var filter = node.putArray("filter");
        for (long[] instruction : confinement.filter()) {
            var each = filter.addArray();
            for (long part : instruction) {
                each.add(part);
            }
        }
        return node;
    }

    private static void paths(ArrayNode array, List<Path> paths) {
        paths.forEach(path -> array.add(path.toString()));
    }
}
