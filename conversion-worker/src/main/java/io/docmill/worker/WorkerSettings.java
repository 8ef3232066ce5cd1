package io.docmill.worker;

import io.docmill.platform.config.ByteSize;
import io.docmill.platform.config.Certificates;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.ManagementSettings;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Secret;
import io.docmill.platform.config.Settings;
import io.docmill.platform.config.StorageSettings;
import io.docmill.platform.config.TracingSettings;
import io.docmill.worker.libreoffice.ForkServerSettings.Isolation;
import io.docmill.worker.libreoffice.LibreOfficeSettings.EngineChoice;
import io.docmill.worker.libreoffice.LibreOfficeSettings.RecycleChoice;
import io.docmill.worker.libreoffice.LibreOfficeSettings.SandboxChoice;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** All that a worker is told. */
@ConfigMapping(prefix = Settings.PREFIX)
public interface WorkerSettings {
    /**
     * The service's own key, the same for all gateways and workers: base64 of at least 32 random bytes, or text of at least 32
     * bytes. Signs download URLs and protects the passwords of documents. With another key, URLs that were given out stop to
     * work and conversions with a password are new ones.
     */
    Secret serviceKey();

    /**
     * A second service key that is accepted while the service's own is changed: what it has signed and sealed opens too. First
     * the next key, then the last one; {@code docs/deployment.md} tells how.
     */
    Optional<Secret> serviceKeyAccepted();

    /**
     * Certificates of authorities that Kafka, Redis and the store are trusted by besides Java's own: PEM, best from a file that
     * {@code DOCMILL_TRUSTED_CERTIFICATES_FILE} names.
     */
    Optional<Certificates> trustedCertificates();

    StorageSettings storage();

    KafkaSettings kafka();

    RedisSettings redis();

    ManagementSettings management();

    TracingSettings tracing();

    /** The worker's own section. */
    Worker worker();

    /** How documents are converted. */
    interface Worker {
        /** Conversions at a time, from 1. Each has a LibreOffice of some 200 MiB; the spares wait beside them. */
        @WithDefault("2")
        int slots();

        /**
         * How many of the slots take no jobs of batches, so that a caller who waits finds one; less than the slots. Without it 1,
         * or 0 where there is one slot.
         */
        OptionalInt reservedSlots();

        /**
         * Where documents lie while they are converted. Of this worker and its user alone, made if it is absent; best in memory
         * (tmpfs), 60 bytes at most: Unix sockets lie below it. A directory of another user is refused, so inside a mounted
         * volume name one that can be made.
         */
        @WithDefault("/tmp/docmill-worker")
        Path workDirectory();

        /** The directory that holds {@code program/soffice.bin}. */
        @WithDefault("/usr/lib/libreoffice")
        Path officeHome();

        /**
         * Where LibreOffices come from. {@code fork} gives each document one of its own, forked from a fork server in
         * milliseconds; {@code jodconverter} has some that take one document after the other, and runs wherever LibreOffice does.
         * {@code auto} takes the fork server if it stands its test at the start, and otherwise says why not in the log and in
         * readiness.
         */
        @WithDefault("auto")
        EngineChoice engine();

        /** The fork server's program. {@code bin/docmill} builds one and sets this by itself. */
        @WithDefault("/usr/lib/docmill/docmill-fork-server")
        Path forkServer();

        /**
         * After so many documents the fork server is replaced behind them, from 1: all that it forks share how their memory is
         * laid out.
         */
        @WithDefault("5000")
        int forkServerDocuments();

        /** After so long the fork server is replaced behind its documents. */
        @WithDefault("1h")
        Duration forkServerAge();

        /**
         * What shares a LibreOffice of the fork server. With {@code document} nothing does. With {@code scope} one that was forked
         * stays for further documents of the same scope, which is quicker for many small ones; [what that
         * brings](deployment.md#one-process-for-a-scope).
         */
        @WithDefault("document")
        Isolation isolation();

        /** With the isolation {@code scope}: how many documents share a LibreOffice at most, from 1. */
        @WithDefault("20")
        int scopeDocuments();

        /** With the isolation {@code scope}: how long documents share a LibreOffice at most. */
        @WithDefault("10s")
        Duration scopeTime();

        /**
         * What keeps documents in; {@code auto} is the stronger one that holds on this machine. {@code none} only where no
         * stranger's document comes.
         */
        @WithDefault("auto")
        SandboxChoice sandbox();

        /**
         * A worker that is root runs each LibreOffice as a user of its own, one of the 500 after this number. They must be
         * nobody else's.
         */
        @WithDefault("65000")
        int firstSlotUser();

        /** The most resident memory that one document may take. */
        @WithDefault("2GiB")
        ByteSize memoryLimit();

        /**
         * The most that a document, what LibreOffice makes of it, and its profile may take on disk; no more than the disk of the
         * work directory divided by one more than there are LibreOffices.
         */
        @WithDefault("1GiB")
        ByteSize diskLimit();

        /**
         * With the engine {@code jodconverter}: after so many documents a LibreOffice is replaced, from 1: it grows with each. One that holds more than 700 MiB between
         * two documents, or has used 5 minutes of processor time, is replaced before.
         */
        @WithDefault("500")
        int documentsPerProcess();

        /**
         * With the engine {@code jodconverter}: when a LibreOffice is replaced that had no fault. With {@code scope} one that had a document of one scope never has one
         * of another; [what that costs](deployment.md#tenants-apart).
         */
        @WithDefault("worn")
        RecycleChoice recycle();

        /** How many LibreOffices wait beyond the slots, from 1: so many faults at a time cost no wait. */
        @WithDefault("1")
        int spares();

        /**
         * How long jobs may go on after SIGTERM; then they are passed on to other workers. A worker takes up to 20 s more where a
         * neighbour is away: allow that before it is killed.
         */
        @WithDefault("25s")
        Duration drainTime();
    }
}
