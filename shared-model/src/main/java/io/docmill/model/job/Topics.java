package io.docmill.model.job;

/** The names of the topics and of the groups. Settings are with who makes them. */
public final class Topics {
    /** Jobs that a caller waits for. */
    public static final String INTERACTIVE_JOBS = "conversion.interactive";

    /** Jobs of batches. */
    public static final String BATCH_JOBS = "conversion.batch";

    /** Always empty: an idle member of the workers' group subscribes to it, to be unlike the slots. */
    public static final String NOTHING = "conversion.none";

    /** Replies, read by every gateway. */
    public static final String REPLIES = "conversion.replies";

    /** Cancels, revoked API keys, and who feeds batches. */
    public static final String CONTROL = "conversion.control";

    /** What the broker itself gives up; Kafka wants the prefix {@code dlq.} (KIP-1191). */
    public static final String DEAD_LETTERS = "dlq.conversion";

    /** The one share group of all workers. */
    public static final String WORKER_GROUP = "conversion";

    /** The consumer group of all gateways, of which one reads {@link #DEAD_LETTERS}. */
    public static final String DEAD_LETTER_GROUP = "docmill-dead-letters";

    private Topics() {}
}
