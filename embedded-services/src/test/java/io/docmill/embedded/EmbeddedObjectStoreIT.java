package io.docmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.errors.ErrorResponseException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedObjectStoreIT {

    private static final Map<String, String> ONLY_IF_ABSENT = Map.of("If-None-Match", "*");

    @TempDir
    Path directory;

    private EmbeddedObjectStore store;
    private StoreClient client;

    @BeforeEach
    void startStore() throws Exception {
        store = EmbeddedObjectStore.start(directory);
        client = new StoreClient(store);
    }

    @AfterEach
    void stopStore() {
        store.close();
    }

    @Test
    void metadataOfTwoKilobytesComesBack() throws Exception {
        // Given
        String record = "r".repeat(2000);

        // When
        client.put("a/source", bytes("text"), Map.of("record", record), Map.of("Content-Type", "text/plain"));

        // Then
        var found = client.stat("a/source");
        assertThat(found.userMetadata().getFirst("record")).isEqualTo(record);
        assertThat(found.contentType()).isEqualTo("text/plain");
        assertThat(found.size()).isEqualTo(4);
        assertThat(client.get("a/source")).isEqualTo(bytes("text"));
    }

    @Test
    void metadataBeyondTwoKilobytesAreRefusedAndNothingIsStored() {
        // When / Then
        assertThatThrownBy(() -> client.put("a/source", bytes("text"), Map.of("record", "r".repeat(3000)), Map.of()))
                .isInstanceOf(ErrorResponseException.class);
        assertThatThrownBy(() -> client.stat("a/source")).isInstanceOf(ErrorResponseException.class);
    }

    @Test
    void oneOfFiftyWritersWinsAnAbsentKey() throws Exception {
        // Given
        List<Callable<Boolean>> writers = IntStream.range(0, 50)
                .<Callable<Boolean>>mapToObj(writer -> () -> isStored("run/output", "writer " + writer))
                .toList();

        // When
        List<Boolean> stored = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> writer : threads.invokeAll(writers)) {
                stored.add(writer.get());
            }
        }

        // Then
        assertThat(stored).containsOnlyOnce(true);
        String winner = "writer " + stored.indexOf(true);
        assertThat(client.get("run/output")).isEqualTo(bytes(winner));
        assertThat(directory.resolve("unfinished")).isEmptyDirectory();
    }

    private boolean isStored(String key, String text) throws Exception {
        try {
            client.put(key, bytes(text), Map.of(), ONLY_IF_ABSENT);
            return true;
        } catch (ErrorResponseException e) {
            assertThat(e.response().code()).isEqualTo(HttpURLConnection.HTTP_PRECON_FAILED);
            return false;
        }
    }

    @Test
    void keysAreListedInTheirOrderWhateverThePageSize() throws Exception {
        // Given
        List<String> keys = List.of("a-b/1", "a.b", "a/1", "a/2/x", "a/2/y", "a/2z", "a0", "b/1", "b/2", "c");
        for (String key : keys.reversed()) {
            client.put(key, bytes(key));
        }

        // When / Then
        for (int pageSize = 1; pageSize <= keys.size() + 1; pageSize++) {
            assertThat(client.list("", true, pageSize, "")).isEqualTo(keys);
            assertThat(client.list("", false, pageSize, ""))
                    .containsExactlyInAnyOrder("a-b/", "a.b", "a/", "a0", "b/", "c");
            assertThat(client.list("a/", true, pageSize, "")).containsExactly("a/1", "a/2/x", "a/2/y", "a/2z");
            assertThat(client.list("a/", false, pageSize, "")).containsExactlyInAnyOrder("a/1", "a/2/", "a/2z");
            assertThat(client.list("a", true, pageSize, "a/2/x")).containsExactly("a/2/y", "a/2z", "a0");
            assertThat(client.list("b/1", true, pageSize, "")).containsExactly("b/1");
            assertThat(client.list("absent/", true, pageSize, "")).isEmpty();
            assertThat(client.list("c/", true, pageSize, "")).isEmpty();
        }
    }

    @Test
    void aPageOfManyObjectsGoesOnWhereTheLastOneEnded() throws Exception {
        // Given
        Path folder = Files.createDirectories(directory.resolve("buckets/test/many"));
        List<String> keys = new ArrayList<>();
        for (int i = 10_000; i < 13_500; i++) {
            Files.createFile(folder.resolve("object-" + i));
            keys.add("many/object-" + i);
        }

        // When / Then
        assertThat(client.list("many/")).isEqualTo(keys);
        assertThat(client.list("many/", true, 1000, "many/object-12345")).isEqualTo(keys.subList(2346, 3500));
    }

    @Test
    void anObjectThatIsBeingWrittenIsNotSeen() throws Exception {
        // Given
        client.put("a/finished", bytes("text"));
        String url = client.minio()
                .getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                        .method(Http.Method.PUT)
                        .bucket(StoreClient.BUCKET)
                        .object("a/unfinished")
                        .build());
        URI target = URI.create(url);
        try (Socket upload = new Socket(LoopbackPort.address(), target.getPort())) {
            // When
            upload.getOutputStream()
                    .write(bytes("PUT " + target.getRawPath() + "?" + target.getRawQuery() + " HTTP/1.1\r\nHost: "
                            + target.getAuthority() + "\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(50_000)));
            await().untilAsserted(
                            () -> assertThat(directory.resolve("unfinished")).isNotEmptyDirectory());

            // Then
            assertThat(client.list("")).containsExactly("a/finished");
            assertThatThrownBy(() -> client.get("a/unfinished")).isInstanceOf(ErrorResponseException.class);
        }
        await().untilAsserted(() -> assertThat(directory.resolve("unfinished")).isEmptyDirectory());
        assertThat(client.list("")).containsExactly("a/finished");
    }

    @Test
    void aDeletedObjectLeavesNoFolderBehind() throws Exception {
        // Given
        client.put("scopes/s/files/f/source", bytes("text"));
        client.put("scopes/s/files/g/source", bytes("text"));

        // When
        client.remove("scopes/s/files/f/source");
        client.remove("scopes/s/files/f/source");

        // Then
        assertThat(client.list("")).containsExactly("scopes/s/files/g/source");
        assertThat(client.list("scopes/s/files/", false, 1000, "")).containsExactly("scopes/s/files/g/");
        assertThat(directory.resolve("buckets/test/scopes/s/files/f")).doesNotExist();
        client.remove("scopes/s/files/g/source");
        assertThat(directory.resolve("buckets/test")).isEmptyDirectory();
    }

    @Test
    void writersAndDeletersOfOneFolderDoNotDisturbEachOther() throws Exception {
        // Given
        List<Callable<Boolean>> work = IntStream.range(0, 4)
                .<Callable<Boolean>>mapToObj(worker -> () -> {
                    for (int round = 0; round < 100; round++) {
                        String key = "a/deep/folder/worker-" + worker;
                        client.put(key, bytes(key));
                        assertThat(client.get(key)).isEqualTo(bytes(key));
                        client.remove(key);
                    }
                    return true;
                })
                .toList();

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> worker : threads.invokeAll(work)) {
                assertThat(worker.get()).isTrue();
            }
        }

        // Then
        assertThat(directory.resolve("buckets/test")).isEmptyDirectory();
    }

    @Test
    void readersOfAReplacedObjectSeeOneVersion() throws Exception {
        // Given
        client.put("a/artifact", bytes("version-0"), Map.of("record", "version-0"), Map.of());

        // When
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> writer = threads.submit(() -> {
                for (int version = 1; version < 150; version++) {
                    String text = "version-" + version;
                    client.put("a/artifact", bytes(text), Map.of("record", text), Map.of());
                }
                return true;
            });

            // Then
            while (!writer.isDone()) {
                try (var object = client.minio()
                        .getObject(GetObjectArgs.builder()
                                .bucket(StoreClient.BUCKET)
                                .object("a/artifact")
                                .build())) {
                    assertThat(new String(object.readAllBytes(), StandardCharsets.UTF_8))
                            .isEqualTo(object.headers().get("x-amz-meta-record"));
                }
            }
            assertThat(writer.get()).isTrue();
        }
    }

    @Test
    void aSignedUrlNamesTheDownloadAndServesRanges() throws Exception {
        // Given
        client.put("a/artifact", bytes("0123456789"));
        String url = client.minio()
                .getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                        .method(Http.Method.GET)
                        .bucket(StoreClient.BUCKET)
                        .object("a/artifact")
                        .extraQueryParams(Map.of(
                                "response-content-disposition", "attachment; filename*=UTF-8''%C3%BCber.pdf",
                                "response-content-type", "application/pdf"))
                        .build());

        // When
        HttpResponse<String> part = send(HttpRequest.newBuilder(URI.create(url))
                .header("Range", "bytes=2-4")
                .build());
        HttpResponse<String> tampered =
                send(HttpRequest.newBuilder(URI.create(url + "0")).build());
        HttpResponse<String> unsigned = send(HttpRequest.newBuilder(URI.create(store.endpoint() + "/test/a/artifact"))
                .build());

        // Then
        assertThat(part.statusCode()).isEqualTo(HttpURLConnection.HTTP_PARTIAL);
        assertThat(part.body()).isEqualTo("234");
        assertThat(part.headers().firstValue("Content-Type")).contains("application/pdf");
        assertThat(part.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename*=UTF-8''%C3%BCber.pdf");
        assertThat(tampered.statusCode()).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN);
        assertThat(unsigned.statusCode()).isEqualTo(HttpURLConnection.HTTP_FORBIDDEN);
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void aKeyThatIsThePathOfAnotherIsRefused() throws Exception {
        // Given
        client.put("a/b", bytes("text"));

        // When / Then
        for (String key : List.of("a/b/c", "a")) {
            assertThatThrownBy(() -> client.put(key, bytes("other")), key).isInstanceOf(Exception.class);
        }
        assertThat(client.list("")).containsExactly("a/b");
        assertThat(client.get("a/b")).isEqualTo(bytes("text"));
    }

    @Test
    void objectsAndCredentialsOutliveARestart() throws Exception {
        // Given
        client.put("a/source", bytes("text"));
        String accessKey = store.accessKey();
        store.close();

        // When
        store = EmbeddedObjectStore.start(directory);

        // Then
        assertThat(store.accessKey()).isEqualTo(accessKey);
        assertThat(new StoreClient(store).get("a/source")).isEqualTo(bytes("text"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("credentials"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aSecondStoreOnTheSameFolderIsRefused() throws Exception {
        // When / Then
        assertThatThrownBy(() -> EmbeddedObjectStore.start(directory))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid());
        try (ChildJvm other = ChildJvm.start(ObjectWriter.class, directory.toString())) {
            assertThat(other.await("refused "))
                    .contains("in use by process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void whatWasAcknowledgedOutlivesAKillAndNothingElseAppears(@TempDir Path killed) throws Exception {
        // Given
        List<String> acknowledged = new ArrayList<>();
        try (ChildJvm writer = ChildJvm.start(ObjectWriter.class, killed.toString())) {
            writer.await("acknowledged ");
            for (int i = 0; i < 100; i++) {
                acknowledged.add(writer.await("acknowledged ").replace(";", ""));
            }

            // When
            acknowledged.addAll(writer.kill("acknowledged "));
        }

        // Then
        try (EmbeddedObjectStore restarted = EmbeddedObjectStore.start(killed)) {
            StoreClient survivor = new StoreClient(restarted);
            List<String> keys = survivor.list("");
            assertThat(keys).containsAll(acknowledged);
            for (String key : keys) {
                assertThat(survivor.get(key)).as(key).isEqualTo(ObjectWriter.content(key));
                assertThat(survivor.stat(key).userMetadata().getFirst("key")).isEqualTo(key);
            }
            try (Stream<Path> leftovers = Files.list(killed.resolve("unfinished"))) {
                assertThat(leftovers).isEmpty();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
