package io.docmill.system;

import io.docmill.platform.config.StorageSettings;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.Result;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Copies a bucket as {@code mc mirror} and {@code rclone} do: every object with its content, content type and user metadata. */
// Closing a client may be interrupted, by javac's reckoning; then the test fails, as with any other fault.
@SuppressWarnings("try")
final class BucketCopy {
    private static final String RECORD = "docmill";

    private BucketCopy() {}

    private static MinioClient client(StorageSettings settings) {
        return MinioClient.builder()
                .endpoint(settings.endpoint().toString())
                .region(settings.region())
                .credentials(settings.accessKey().value(), settings.secretKey().value())
                .build();
    }

    static List<CopiedObject> read(StorageSettings settings) {
        List<CopiedObject> copy = new ArrayList<>();
        try (MinioClient client = client(settings)) {
            for (Result<Item> item : client.listObjects(ListObjectsArgs.builder()
                    .bucket(settings.bucket())
                    .recursive(true)
                    .build())) {
                copy.add(read(client, settings.bucket(), item.get().objectName()));
            }
        } catch (Exception e) {
            throw new AssertionError("the bucket can't be copied", e);
        }
        return copy;
    }

    private static CopiedObject read(MinioClient client, String bucket, String key) throws MinioException, IOException {
        try (GetObjectResponse object = client.getObject(
                GetObjectArgs.builder().bucket(bucket).object(key).build())) {
            return new CopiedObject(
                    key,
                    Objects.requireNonNullElse(object.headers().get("Content-Type"), "application/octet-stream"),
                    Objects.requireNonNullElse(object.headers().get("x-amz-meta-" + RECORD), ""),
                    Base64.getEncoder().encodeToString(object.readAllBytes()));
        }
    }

    static void write(StorageSettings settings, List<CopiedObject> copy) {
        try (MinioClient client = client(settings)) {
            String bucket = settings.bucket();
            if (!client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
                client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
            }
            for (CopiedObject object : copy) {
                byte[] content = Base64.getDecoder().decode(object.content());
                PutObjectArgs.Builder put = PutObjectArgs.builder()
                        .bucket(bucket)
                        .object(object.key())
                        .data(content, content.length)
                        .contentType(object.contentType());
                if (!object.record().isEmpty()) {
                    put.userMetadata(Map.of(RECORD, object.record()));
                }
                client.putObject(put.build());
            }
        } catch (Exception e) {
            throw new AssertionError("the bucket can't be restored", e);
        }
    }
}
