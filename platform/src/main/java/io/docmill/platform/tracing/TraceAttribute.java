package io.docmill.platform.tracing;

/**
 * All that a span can tell. Names without {@code docmill} are those of OpenTelemetry's semantic conventions 1.45. There is none
 * for a document's name, a password, a key or a URL: in that there may be a signature.
 */
public enum TraceAttribute {
    /** The method, or {@code _OTHER} for one that HTTP does not know. */
    HTTP_METHOD("http.request.method"),
    /** The path of the operation as the contract has it. */
    HTTP_ROUTE("http.route"),
    HTTP_STATUS("http.response.status_code"),
    /** Why a span has failed: a status, the label of a failure, or the class of an exception. */
    ERROR_TYPE("error.type"),
    MESSAGING_SYSTEM("messaging.system"),
    MESSAGING_OPERATION_NAME("messaging.operation.name"),
    MESSAGING_OPERATION_TYPE("messaging.operation.type"),
    MESSAGING_DESTINATION("messaging.destination.name"),
    MESSAGING_PARTITION("messaging.destination.partition.id"),
    MESSAGING_GROUP("messaging.consumer.group.name"),
    MESSAGING_OFFSET("messaging.kafka.offset"),
    /** The operation of the contract. */
    OPERATION("docmill.operation"),
    /** What finds the lines of the logs. */
    REQUEST_ID("docmill.request_id"),
    CONVERSION("docmill.conversion"),
    ATTEMPT("docmill.attempt"),
    SOURCE_FORMAT("docmill.source_format"),
    TARGET_FORMAT("docmill.target_format"),
    /** {@code succeeded}, {@code pending}, the label of a failure, or what became of a job that has not ended here. */
    OUTCOME("docmill.outcome"),
    /** Where the answer to a call was found: {@code redis}, {@code storage}, {@code worker}. */
    ANSWERED_FROM("docmill.answered_from"),
    /** How often the job was handed out. */
    DELIVERY("docmill.delivery"),
    /** Bytes of the document. */
    SOURCE_SIZE("docmill.source_size"),
    /** How often LibreOffice was run. */
    ENGINE_RUNS("docmill.engine.runs"),
    /** How long it took to open the document, in milliseconds. */
    ENGINE_LOAD("docmill.engine.load_ms"),
    /** How long it took to write the result, in milliseconds. */
    ENGINE_EXPORT("docmill.engine.export_ms"),
    /** Its processor time, in milliseconds. */
    ENGINE_CPU("docmill.engine.cpu_ms");

    private final String key;

    TraceAttribute(String key) {
        this.key = key;
    }

    /** What a collector is told. */
    public String key() {
        return key;
    }
}
