package io.docmill.worker.engine;

/**
 * Whose a document is, as far as an engine cares: an engine that keeps tenants apart never gives documents of two of them to the
 * same process.
 *
 * @param id any text; equal for documents that may share a process
 */
public record Tenant(String id) {

    /** Whoever does not tell. */
    public static final Tenant UNKNOWN = new Tenant("");
}
