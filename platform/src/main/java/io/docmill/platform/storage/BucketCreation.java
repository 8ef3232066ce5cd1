package io.docmill.platform.storage;

import io.docmill.platform.config.StorageSettings;
import io.minio.BucketExistsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.Signer;
import io.minio.Time;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.time.ZonedDateTime;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Makes the bucket where it is missing. */
final class BucketCreation {
    /** The region whose name is no location constraint (CreateBucket in the Amazon S3 API reference). */
    private static final String DEFAULT_REGION = "us-east-1";

    private static final String ALREADY_MADE = "BucketAlreadyOwnedByYou";
    private static final int VALIDITY_SECONDS = 60;
    private static final long MOST_READ = 4_096;

    private final MinioClient client;
    private final OkHttpClient httpClient;
    private final StorageSettings settings;

    BucketCreation(MinioClient client, OkHttpClient httpClient, StorageSettings settings) {
        this.client = client;
        this.httpClient = httpClient;
        this.settings = settings;
    }

    /** Makes the bucket unless it exists. Several processes may do so at once. */
    void ensure() throws MinioException, IOException {
        var exists = BucketExistsArgs.builder().bucket(settings.bucket()).build();
        if (client.bucketExists(exists)) {
            return;
        }
        if (settings.region().equals(DEFAULT_REGION)) {
            makeWithoutConstraint();
        } else {
            makeInRegion();
        }
    }

    private void makeInRegion() throws MinioException {
        try {
            client.makeBucket(MakeBucketArgs.builder().bucket(settings.bucket()).build());
        } catch (ErrorResponseException e) {
            if (!ALREADY_MADE.equals(e.errorResponse().code())) {
                throw e;
            }
        }
    }

    /** The client sends a location constraint always, and S3 and versitygw refuse the one of the default region. */
    private void makeWithoutConstraint() throws MinioException, IOException {
        try (Response answer = httpClient.newCall(signedPut()).execute()) {
            if (answer.isSuccessful()) {
                return;
            }
            String error = answer.peekBody(MOST_READ).string();
            if (!error.contains("<Code>" + ALREADY_MADE + "</Code>")) {
                throw new IOException("%d %s".formatted(answer.code(), error));
            }
        }
    }

    private Request signedPut() throws MinioException {
        HttpUrl endpoint = HttpUrl.get(settings.endpoint());
        if (endpoint == null) {
            throw new IllegalArgumentException("storage.endpoint is no URL of http or https");
        }
        Request request = new Request.Builder()
                .url(endpoint.newBuilder().addPathSegment(settings.bucket()).build())
                .header("Host", settings.endpoint().getAuthority())
                .header("X-Amz-Date", ZonedDateTime.now(Time.UTC).format(Time.AMZ_DATE_FORMAT))
                .put(RequestBody.EMPTY)
                .build();
        HttpUrl signed = Signer.presignV4(
                request,
                settings.region(),
                settings.accessKey().value(),
                settings.secretKey().value(),
                VALIDITY_SECONDS);
        return new Request.Builder().url(signed).put(RequestBody.EMPTY).build();
    }
}
