package io.docmill.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** What a broker that is alone, on loopback and inside a small process is told. */
final class BrokerSettings {

    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    /** Of these, what is given is added to what is there; of all others it stands in its place. */
    private static final Set<String> LISTS =
            Set.of("listeners", "advertised.listeners", "listener.security.protocol.map");

    private BrokerSettings() {}

    static Properties of(Path directory, int port, int controllerPort, Map<String, String> more) {
        Properties settings = of(directory, port, controllerPort);
        more.forEach((name, value) ->
                settings.merge(name, value, (own, given) -> LISTS.contains(name) ? own + "," + given : given));
        return settings;
    }

    private static Properties of(Path directory, int port, int controllerPort) {
        Properties settings = new Properties();
        node(settings, directory, port, controllerPort);
        oneReplica(settings);
        quickStart(settings);
        smallFootprint(settings);
        shareGroups(settings);
        return settings;
    }

    private static void node(Properties settings, Path directory, int port, int controllerPort) {
        String host = LoopbackPort.HOST;
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(NODE_ID));
        settings.put("log.dirs", directory.toString());
        settings.put(
                "listeners",
                "PLAINTEXT://" + host + ":" + port + "," + CONTROLLER_LISTENER + "://" + host + ":" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://" + host + ":" + port);
        settings.put("controller.listener.names", CONTROLLER_LISTENER);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("controller.quorum.voters", NODE_ID + "@" + host + ":" + controllerPort);
        settings.put("auto.create.topics.enable", "false");
        // Otherwise the broker stays registered, and the next start waits 11 s for its session to end instead of 0.7 s.
        settings.put("controlled.shutdown.enable", "true");
    }

    /** One node holds the only copy. The share group state has its own pair of settings: without them its topic is never made. */
    private static void oneReplica(Properties settings) {
        settings.put("default.replication.factor", "1");
        settings.put("min.insync.replicas", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
    }

    /** No other voter to wait for, so no long elections; the short session bounds the wait after a kill to 2 s. */
    private static void quickStart(Properties settings) {
        settings.put("broker.heartbeat.interval.ms", "100");
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("controller.quorum.election.timeout.ms", "200");
        settings.put("controller.quorum.fetch.timeout.ms", "400");
        settings.put("controller.quorum.election.backoff.max.ms", "100");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("metric.reporters", "");
    }

    /** The cleaner's buffer alone would be 128 MiB of heap by default. */
    private static void smallFootprint(Properties settings) {
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("log.cleaner.io.buffer.size", "524288");
        settings.put("num.io.threads", "4");
        settings.put("num.network.threads", "2");
        settings.put("background.threads", "2");
    }

    /** Room for a consumer per slot (200 by default), and a join in about a second instead of several. */
    private static void shareGroups(Properties settings) {
        settings.put("group.share.max.size", "1000");
        settings.put("group.share.max.share.sessions", "4000");
        settings.put("group.share.min.heartbeat.interval.ms", "1000");
        settings.put("group.share.heartbeat.interval.ms", "1000");
        // Dead letter topics are made by whoever makes the other topics, with the settings they need.
        settings.put("errors.deadletterqueue.auto.create.topics.enable", "false");
    }
}
