package io.docmill.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@MethodSource("io.docmill.platform.storage.StoreKind#tested")
class ObjectStoreIT {
    private static StoreUnderTest server;
    private static ObjectStore store;

    @TempDir
    private Path directory;

    /** JUnit gives {@link #start} only what the class itself takes. */
    ObjectStoreIT(StoreKind kind) {}

    @BeforeParameterizedClassInvocation
    static void start(StoreKind kind, @TempDir Path directory) {
        server = kind.start(directory);
        store = new ObjectStore(server.settings());
        store.ensureBucket();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        store.close();
        server.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String read(String key) throws IOException {
        try (InputStream content = store.open(key).orElseThrow()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void makesItsBucketOnce() {
        try (ObjectStore other = new ObjectStore(server.settings().withBucket("another"))) {
            // When
            other.ensureBucket();
            other.ensureBucket();
            // Then
            other.put("key", bytes("x"), "text/plain");
            assertThat(other.head("key")).isPresent();
            assertThat(store.head("key")).isEmpty();
        }
    }

    @Test
    void keepsBytesWithTheirRecord() throws IOException {
        // When
        store.put("records/a", bytes("content"), "text/plain", "a-record");
        // Then
        ObjectHead head = store.head("records/a").orElseThrow();
        assertThat(head.key()).isEqualTo("records/a");
        assertThat(head.size()).isEqualTo(7);
        assertThat(head.record()).isEqualTo("a-record");
        assertThat(head.etag()).isNotBlank().doesNotContain("\"");
        assertThat(read("records/a")).isEqualTo("content");
    }

    @Test
    void keepsAFileWithItsRecord() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "content of a file");
        // When
        store.put("records/file", file, "application/pdf", "r".repeat(2_000));
        // Then
        assertThat(read("records/file")).isEqualTo("content of a file");
        assertThat(store.head("records/file")).hasValueSatisfying(head -> {
            assertThat(head.record()).isEqualTo("r".repeat(2_000));
            assertThat(head.size()).isEqualTo(17);
        });
    }

    @Test
    void keepsAnEmptyFile() throws IOException {
        // Given
        Path file = Files.createFile(directory.resolve("empty"));
        // When
        store.put("records/empty", file, "application/pdf", "a-record");
        // Then
        assertThat(read("records/empty")).isEmpty();
    }

    @Test
    void replacesAnObjectWithItsRecord() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "second");
        store.put("records/replaced", bytes("first"), "text/plain", "first-record");
        // When
        store.put("records/replaced", file, "text/plain", "second-record");
        // Then
        assertThat(read("records/replaced")).isEqualTo("second");
        assertThat(store.head("records/replaced").map(ObjectHead::record)).contains("second-record");
    }

    /** s3proxy takes no signed body over 128 MB, and a gateway has no memory for one. */
    @Test
    void keepsALargeFile() throws IOException {
        // Given
        long size = 150_000_000;
        Path file = directory.resolve("large");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes("beginning")), 0);
            channel.write(ByteBuffer.wrap(bytes("end")), size - 3);
        }
        // When
        store.put("records/large", file, "application/octet-stream", "a-record");
        // Then
        assertThat(store.head("records/large").map(ObjectHead::size)).contains(size);
        try (InputStream end = store.open("records/large", size - 3, 3).orElseThrow()) {
            assertThat(end).hasContent("end");
        }
        store.delete("records/large");
    }

    @Test
    void saysThatAFileIsNotThere() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> store.put("key", directory.resolve("absent"), "text/plain", "a-record"));
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(store.head("absent")).isEmpty();
        assertThat(store.open("absent")).isEmpty();
        assertThat(store.open("absent", 0, 1)).isEmpty();
        assertThat(store.keys("absent/")).isEmpty();
        assertThat(store.folders("absent/", null, 10)).isEmpty();
        store.delete("absent");
    }

    @Test
    void opensAPart() throws IOException {
        // Given
        store.put("parts/a", bytes("0123456789"), "text/plain");
        // When
        try (InputStream part = store.open("parts/a", 3, 4).orElseThrow()) {
            // Then
            assertThat(part).hasContent("3456");
        }
    }

    @Test
    void opensWhatThereIsOfAPartThatGoesBeyondTheEnd() throws IOException {
        // Given
        store.put("parts/short", bytes("0123456789"), "text/plain");
        // When
        try (InputStream part = store.open("parts/short", 8, 100).orElseThrow()) {
            // Then
            assertThat(part).hasContent("89");
        }
    }

    @Test
    void hasNoRecordOfWhatWasWrittenWithoutOne() {
        // When
        store.put("records/none", bytes("x"), "text/plain");
        // Then
        assertThat(store.head("records/none").map(ObjectHead::record)).isEqualTo(Optional.empty());
    }

    @Test
    void listsFoldersInOrderAPageAtATime() {
        // Given
        List<String> names =
                IntStream.range(0, 25).mapToObj("folder-%02d"::formatted).toList();
        names.reversed().forEach(name -> {
            store.put("pages/" + name + "/source", bytes("x"), "text/plain");
            store.put("pages/" + name + "/conversions/a/artifact", bytes("x"), "text/plain");
        });
        store.put("pages/not-a-folder", bytes("x"), "text/plain");
        // When
        List<String> first = store.folders("pages/", null, 10);
        List<String> second = store.folders("pages/", "folder-09", 10);
        List<String> third = store.folders("pages/", "folder-19", 10);
        List<String> afterTheLast = store.folders("pages/", "folder-24", 10);
        // Then
        assertThat(first).isEqualTo(names.subList(0, 10));
        assertThat(second).isEqualTo(names.subList(10, 20));
        assertThat(third).isEqualTo(names.subList(20, 25));
        assertThat(afterTheLast).isEmpty();
    }

    @Test
    void goesOnAfterAFolderThatWasDeletedMeanwhile() {
        // Given
        for (String name : List.of("a", "b", "c")) {
            store.put("gone/" + name + "/source", bytes("x"), "text/plain");
        }
        // When
        store.delete("gone/b/source");
        // Then
        assertThat(store.folders("gone/", "b", 10)).containsExactly("c");
    }

    @Test
    void listsTheKeysOfAllObjectsBelowAPrefix() {
        // Given
        store.put("tree/a", bytes("x"), "text/plain");
        store.put("tree/b/c/d", bytes("x"), "text/plain");
        store.put("trees/e", bytes("x"), "text/plain");
        // When
        store.delete("tree/absent");
        // Then
        assertThat(store.keys("tree/")).containsExactly("tree/a", "tree/b/c/d");
    }

    /** The order of bytes; {@code /} comes before digits and letters, and after {@code !}, {@code -} and {@code .}. */
    @Test
    void listsKeysInOrder() {
        // Given
        List<String> keys = Stream.of(
                        "!", "-", "0", "9", "A", "Z", "_", "a!", "a-b", "a.b", "a/b", "a/c/d", "a0", "ab", "~")
                .map("order/"::concat)
                .toList();
        // When
        keys.reversed().forEach(key -> store.put(key, bytes("x"), "text/plain"));
        // Then
        assertThat(store.keys("order/")).isEqualTo(keys);
    }

    /** A store gives at most 1,000 keys in one answer. */
    @Test
    void listsMoreKeysThanOneAnswerHolds() {
        // Given
        List<String> keys =
                IntStream.range(0, 1_050).mapToObj("many/%04d"::formatted).toList();
        // When
        keys.parallelStream().forEach(key -> store.put(key, bytes("x"), "text/plain"));
        // Then
        assertThat(store.keys("many/")).isEqualTo(keys);
    }

    @Test
    void presignsDownloadsForThePublicEndpoint() throws Exception {
        // Given
        URI publicUrl = URI.create(server.settings().endpoint().toString().replace("127.0.0.1", "localhost"));
        String disposition = "attachment; filename=\"a b.pdf\"; filename*=UTF-8''%C3%BC.pdf";
        store.put("presigned/a", bytes("content"), "text/plain");
        try (ObjectStore other = new ObjectStore(server.settings().withPublicEndpoint(publicUrl));
                HttpClient anyone = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            // When
            String url = other.presign("presigned/a", disposition, "application/pdf", Duration.ofHours(1));
            // Then
            assertThat(other.presigns()).isTrue();
            assertThat(url).startsWith(publicUrl + "/docmill/presigned/a?");
            HttpResponse<String> answer =
                    anyone.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("content");
            assertThat(answer.headers().firstValue("content-disposition")).contains(disposition);
            assertThat(answer.headers().firstValue("content-type")).contains("application/pdf");
            HttpResponse<String> part = anyone.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .header("Range", "bytes=2-4")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).isEqualTo("nte");
            assertThat(part.headers().firstValue("content-range")).contains("bytes 2-4/7");
            assertThat(part.headers().firstValue("content-disposition")).contains(disposition);
            HttpResponse<String> tampered = anyone.send(
                    HttpRequest.newBuilder(URI.create(url.replace("presigned/a", "records/a")))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(tampered.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void doesNotPresignWithoutAPublicEndpoint() {
        assertThat(store.presigns()).isFalse();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store.presign("key", "attachment", "text/plain", Duration.ofHours(1)))
                .withMessageContaining("public-endpoint");
    }

    /** Every call that a store can fail at. */
    static Stream<Consumer<ObjectStore>> calls() {
        return Stream.of(
                ObjectStore::ensureBucket,
                objects -> objects.head("key"),
                objects -> objects.open("key"),
                objects -> objects.open("key", 0, 1),
                objects -> objects.put("key", bytes("x"), "text/plain"),
                objects -> objects.put("key", bytes("x"), "text/plain", "a-record"),
                objects -> objects.put("key", anyFile(), "text/plain", "a-record"),
                objects -> objects.putIfAbsent("key", anyFile(), "text/plain", "a-record"),
                objects -> objects.folders("prefix/", null, 10),
                objects -> objects.keys("prefix/"),
                objects -> objects.delete("key"));
    }

    private static Path anyFile() {
        try {
            Path file = Files.createTempFile("object-store", ".tmp");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "x");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void saysThatAStoreIsAway(Consumer<ObjectStore> call) {
        // Given
        StoreSettings settings = server.settings().withEndpoint("http://127.0.0.1:" + StoreServer.freePort());
        try (ObjectStore objects = new ObjectStore(settings)) {
            // Then
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> call.accept(objects))
                    .withMessageStartingWith("Object storage did not ");
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void saysThatAStoreRefuses(Consumer<ObjectStore> call) {
        try (ObjectStore objects = new ObjectStore(server.settings().withSecretKey("wrong"))) {
            assertThatExceptionOfType(StorageUnavailableException.class).isThrownBy(() -> call.accept(objects));
        }
    }

    /** A refusal tells the time as well; a store refuses what is signed by a clock that is far off. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void comparesItsClockWithTheStores(boolean authorised) {
        // Given
        StoreSettings settings = server.settings();
        try (ObjectStore objects = new ObjectStore(authorised ? settings : settings.withSecretKey("wrong"))) {
            MeterRegistry metrics = new SimpleMeterRegistry();
            objects.watchClock(metrics, "gateway");
            TimeGauge shown = metrics.get("docmill.clock.difference").timeGauge();
            assertThat(objects.clockDifference()).isEmpty();
            assertThat(shown.value(TimeUnit.SECONDS)).isNaN();
            // When
            assertThat(catchThrowable(() -> objects.head("key")) == null).isEqualTo(authorised);
            // Then
            assertThat(objects.clockDifference())
                    .hasValueSatisfying(difference ->
                            assertThat(difference).isBetween(Duration.ofMinutes(-1), Duration.ofMinutes(1)));
            assertThat(shown.value(TimeUnit.SECONDS)).isBetween(-60.0, 60.0);
        }
    }

    @Test
    void doesNotTakeAMissingBucketForMissingObjects() {
        try (ObjectStore objects = new ObjectStore(server.settings().withBucket("absent"))) {
            assertThatExceptionOfType(StorageUnavailableException.class).isThrownBy(() -> objects.open("key"));
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> objects.put("key", bytes("x"), "text/plain"));
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> objects.put("key", anyFile(), "text/plain", "a-record"));
            assertThatExceptionOfType(StorageUnavailableException.class).isThrownBy(() -> objects.keys("prefix/"));
        }
    }
}
