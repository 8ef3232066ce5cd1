package io.docmill.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What several processes do to one store at the same time. */
@ParameterizedClass
@MethodSource("io.docmill.platform.storage.StoreKind#tested")
class ConcurrentWritesIT {
    private static StoreUnderTest server;
    private static ObjectStore store;

    @TempDir
    private Path directory;

    /** JUnit gives {@link #start} only what the class itself takes. */
    ConcurrentWritesIT(StoreKind kind) {}

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

    /** Runs all of them at the same time, and tells what each gave back, in their order. */
    private static <T> List<T> atOnce(int threads, ThrowingIntFunction<T> each) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Callable<T>> calls = IntStream.range(0, threads)
                .<Callable<T>>mapToObj(index -> () -> {
                    start.await();
                    return each.apply(index);
                })
                .toList();
        List<T> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> call : executor.invokeAll(calls)) {
                answers.add(call.get());
            }
        }
        return answers;
    }

    @FunctionalInterface
    private interface ThrowingIntFunction<T> {
        T apply(int index) throws Exception;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String read(String key) throws IOException {
        try (InputStream content = store.open(key).orElseThrow()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Each folder is emptied again and again, so that stores that drop empty folders do so under the others' hands. */
    @Test
    void deletesObjectsWhileOthersWriteInTheSameFolder() throws Exception {
        // When
        atOnce(8, writer -> {
            for (int round = 0; round < 50; round++) {
                String key = "siblings/%d/%d/object".formatted(round, writer);
                store.put(key, bytes("x"), "text/plain", "a-record");
                store.delete(key);
            }
            store.put("siblings/last/" + writer, bytes("x"), "text/plain", "a-record");
            return writer;
        });
        // Then
        assertThat(store.keys("siblings/"))
                .containsExactlyElementsOf(IntStream.range(0, 8)
                        .mapToObj("siblings/last/%d"::formatted)
                        .toList());
    }

    @Test
    void writesFilesWhileOthersDeleteInTheSameFolder() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "content");
        // When
        atOnce(8, writer -> {
            String key = "file-siblings/object-" + writer;
            for (int round = 0; round < 50; round++) {
                store.put(key, file, "text/plain", "a-record");
                store.delete(key);
            }
            store.put(key, file, "text/plain", "a-record");
            return writer;
        });
        // Then
        for (int writer = 0; writer < 8; writer++) {
            assertThat(read("file-siblings/object-" + writer)).isEqualTo("content");
        }
    }

    @RepeatedTest(3)
    void createsAnObjectOnceOfTwentyThatTry() throws Exception {
        // Given
        String key = "once/" + directory.getFileName();
        List<Path> files = new ArrayList<>();
        for (int writer = 0; writer < 20; writer++) {
            files.add(Files.writeString(directory.resolve("file-" + writer), "content of " + writer));
        }
        // When
        List<Boolean> created =
                atOnce(20, writer -> store.putIfAbsent(key, files.get(writer), "text/plain", "record-" + writer));
        // Then
        assertThat(created).containsOnlyOnce(true);
        int winner = created.indexOf(true);
        assertThat(read(key)).isEqualTo("content of " + winner);
        assertThat(store.head(key).map(ObjectHead::record)).contains("record-" + winner);
    }

    @Test
    void createsAnObjectAgainThatWasDeleted() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("file"), "content");
        store.putIfAbsent("once/deleted", file, "text/plain", "first-record");
        store.delete("once/deleted");
        // When
        boolean created = store.putIfAbsent("once/deleted", file, "text/plain", "second-record");
        // Then
        assertThat(created).isTrue();
        assertThat(store.head("once/deleted").map(ObjectHead::record)).contains("second-record");
    }

    /** A store may answer before it has read the body, and close the connection. */
    @RepeatedTest(3)
    void doesNotReplaceAnObjectByALargeFile() throws IOException {
        // Given
        Path small = Files.writeString(directory.resolve("small"), "content");
        Path large = directory.resolve("large");
        try (FileChannel channel = FileChannel.open(large, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes("end")), 150_000_000);
        }
        store.put("once/large", small, "text/plain", "first-record");
        // When
        boolean created = store.putIfAbsent("once/large", large, "text/plain", "second-record");
        // Then
        assertThat(created).isFalse();
        assertThat(read("once/large")).isEqualTo("content");
    }
}
