package io.docmill.worker;

import io.docmill.platform.config.ByteSize;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.ManagementSettings;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Secret;
import io.docmill.platform.config.Settings;
import io.docmill.platform.config.StorageSettings;
import io.docmill.worker.libreoffice.JodConverterSettings.RecycleChoice;
import io.docmill.worker.libreoffice.JodConverterSettings.SandboxChoice;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** All that a worker is told. */
@ConfigMapping(prefix = Settings.PREFIX)
public interface WorkerSettings {
    /** The key that gateways and workers share: at least 32 random bytes in base64. It opens the passwords of documents. */
    Secret serviceKey();

    StorageSettings storage();

    KafkaSettings kafka();

    RedisSettings redis();

    ManagementSettings management();

    /** The worker's own section. */
    Worker worker();

    /** How documents are converted. */
    interface Worker {
        /** Conversions at a time, each with a LibreOffice of some 200 MiB; one more LibreOffice waits as a spare. */
        @WithDefault("2")
        int slots();

        /**
         * How many of the slots take no jobs of batches, so that a caller who waits finds one; less than {@code slots}. One
         * where there are several, when absent.
         */
        OptionalInt reservedSlots();

        /**
         * Where documents lie while they are converted: of this worker alone, best in memory (tmpfs). 60 bytes at most. Made if
         * absent; one that belongs to another user is refused, and one of the worker's own user is closed to others.
         */
        @WithDefault("/tmp/docmill-worker")
        String workDirectory();

        /** Where LibreOffice is installed: the directory that holds {@code program/soffice.bin}. */
        @WithDefault("/usr/lib/libreoffice")
        String officeHome();

        /**
         * What keeps documents in: {@code auto} is the strongest of {@code bubblewrap} and {@code landlock} that holds here;
         * {@code none} only on machines that take no documents of strangers.
         */
        @WithDefault("auto")
        SandboxChoice sandbox();

        /**
         * A worker that is root runs each LibreOffice as a user of its own, one of the 500 after this number. They must be
         * nobody else's.
         */
        @WithDefault("65000")
        int firstSlotUser();

        /** Most resident memory that one document may take. */
        @WithDefault("2GiB")
        ByteSize memoryLimit();

        /** Most that one document and all that LibreOffice makes of it may take on disk. */
        @WithDefault("1GiB")
        ByteSize diskLimit();

        /** After so many documents a LibreOffice is replaced: it grows with each. */
        @WithDefault("500")
        int documentsPerProcess();

        /** When a LibreOffice is replaced that had no fault: {@code worn}, or {@code scope} to share none between scopes. */
        @WithDefault("worn")
        RecycleChoice recycle();

        /** How many LibreOffices wait beyond the slots. */
        @WithDefault("1")
        int spares();

        /** How long jobs may go on after the signal to stop; then they are passed on to other workers. */
        @WithDefault("25s")
        Duration drainTime();
    }
}
