package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy of the bucket is all that a new installation needs. */
class RestoreST {
    /** What is left of an installation: the copy, and what its callers know. */
    private record Backup(
            List<CopiedObject> bucket,
            String key,
            String file,
            String attempt,
            String unfinishedFile,
            String unfinished) {}

    private static Backup backUp(Path directory) {
        try (Cluster cluster = Cluster.start(directory, 1, 1)) {
            ClusterProcess gateway = cluster.gateways().getFirst();
            ClusterCaller caller = ClusterCaller.of(cluster);
            String file = caller.upload(TestDocuments.docx("A document that is worth a backup."));
            Answer converted = caller.succeeded(caller.converting(gateway, file));
            cluster.workers().getFirst().terminate();
            String unfinishedFile = caller.upload(TestDocuments.docx("A document that was accepted."));
            Answer accepted = caller.begin(gateway, unfinishedFile);
            return new Backup(
                    cluster.data().copyOfBucket(),
                    caller.key(),
                    file,
                    ClusterCaller.attempt(converted),
                    unfinishedFile,
                    accepted.header("Location"));
        }
    }

    @Test
    void aCopyOfTheBucketIsTheWholeInstallation(@TempDir Path old, @TempDir Path fresh) {
        // Given
        Backup backup = backUp(old);
        // When
        try (Cluster cluster = Cluster.startWith(fresh, data -> data.restore(backup.bucket()))) {
            ClusterProcess gateway = cluster.gateways().getFirst();
            ClusterCaller caller = ClusterCaller.of(cluster, backup.key());
            // Then
            Answer file = caller.get(gateway, "/v1/files/" + backup.file());
            assertThat(file.status()).as("%s", file).isEqualTo(200);
            Answer cached = caller.convert(gateway, backup.file());
            assertThat(cached.status()).as("%s", cached).isEqualTo(200);
            assertThat(cached.json().path("cached").asBoolean()).isTrue();
            assertThat(ClusterCaller.attempt(cached)).isEqualTo(backup.attempt());
            String url = cached.json().path("download_url").asText();
            Answer download = caller.get(gateway, url.substring(LoadBalancer.PUBLIC_URL.length()));
            assertThat(download.status()).as("%s", download).isEqualTo(200);
            assertThat(new String(download.bytes(), 0, 5, StandardCharsets.US_ASCII))
                    .isEqualTo("%PDF-");
            assertThat(cluster.libreOfficeRuns()).isZero();
            // When
            caller.get(gateway, backup.unfinished());
            // Then
            caller.awaitState(gateway, backup.unfinished(), "succeeded");
            assertThat(caller.convert(gateway, backup.unfinishedFile()).status())
                    .isEqualTo(200);
        }
    }
}
