package io.docmill.platform.queue;

import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.tls.TrustedAuthorities;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The settings of every Kafka client. Keys are strings, values bytes: a consumer that can't deserialise a record would
 * have to be told apart from one that can't decode a message.
 */
public final class KafkaClients {
    private static final String PEM = "PEM";

    private KafkaClients() {}

    /** What an admin client needs. */
    public static Map<String, Object> admin(KafkaSettings settings) {
        Map<String, Object> config = connection(settings);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        return config;
    }

    /** What a producer of jobs or replies needs: acknowledged by all replicas, sent at once, never blocking for long. */
    public static Map<String, Object> producer(KafkaSettings settings) {
        Map<String, Object> config = connection(settings);
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return config;
    }

    /** What a reader of every record of a topic needs: no group, nothing committed, from where it is placed. */
    public static Map<String, Object> reader(KafkaSettings settings) {
        Map<String, Object> config = consumer(settings);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        return config;
    }

    /**
     * What a member of a consumer group needs that commits each record once it has been handled: one record a poll, because the
     * handling may take its time, and the first time from the oldest.
     */
    public static Map<String, Object> group(KafkaSettings settings, String groupId) {
        Map<String, Object> config = consumer(settings);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return config;
    }

    /**
     * What a member of the workers' share group needs. {@code record_limit} and one record a poll make it take one job at
     * a time: with the default mode a single consumer takes a whole batch and its neighbours idle (KIP-1206).
     */
    public static Map<String, Object> shareConsumer(KafkaSettings settings) {
        Map<String, Object> config = consumer(settings);
        config.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.WORKER_GROUP);
        config.put("share.acknowledgement.mode", "explicit");
        config.put("share.acquire.mode", "record_limit");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // Longer than any job goes unpolled; shorter than connections.max.idle.ms, of which Kafka warns otherwise.
        config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 500_000);
        return config;
    }

    private static Map<String, Object> consumer(KafkaSettings settings) {
        Map<String, Object> config = connection(settings);
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
        config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        return config;
    }

    private static Map<String, Object> connection(KafkaSettings settings) {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, settings.securityProtocol());
        settings.saslMechanism().ifPresent(mechanism -> config.put(SaslConfigs.SASL_MECHANISM, mechanism));
        settings.saslJaasConfig().ifPresent(jaas -> config.put(SaslConfigs.SASL_JAAS_CONFIG, jaas.value()));
        settings.trustedCertificates().map(TrustedAuthorities::besidesJavas).ifPresent(trusted -> {
            config.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, PEM);
            config.put(
                    SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG,
                    trusted.certificates().pem());
        });
        settings.clientCertificate().ifPresent(shown -> {
            config.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, PEM);
            config.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, shown.keyPem());
            config.put(
                    SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
                    shown.chain().pem());
        });
        return config;
    }
}
