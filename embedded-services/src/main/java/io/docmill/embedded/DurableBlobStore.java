package io.docmill.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * s3proxy's store on files, with what it lacks to hold data: an object appears whole or not at all and is on the disk before the
 * answer, a page of a LIST costs what is on it, a GET never mixes two versions of an object, and nothing is ever public.
 *
 * <p>An upload is written by s3proxy into a bucket of a second store that no request can reach, synced there, and moved. Uploads in
 * parts and copies would write into the bucket itself; Docmill uses neither, so they are answered with 501.
 */
final class DurableBlobStore extends ForwardingBlobStore {

    private static final Logger log = LoggerFactory.getLogger(DurableBlobStore.class);

    private static final int DEFAULT_PAGE = 1000;
    private static final String USER_METADATA_ATTRIBUTE = "user.user-metadata.";

    /** A GET that met a replacement of its object starts again; that it meets one each time means something else is wrong. */
    private static final int READ_ATTEMPTS = 100;

    private final Path buckets;
    private final Path unfinished;
    private final BlobStore uploads;
    private final ObjectFolders folders = new ObjectFolders();

    DurableBlobStore(StoreDirectory directory) {
        super(new FilesystemNio2BlobStore(directory.buckets().toString()));
        this.buckets = directory.buckets();
        this.unfinished = directory.unfinished();
        this.uploads = new FilesystemNio2BlobStore(parent(unfinished).toString());
    }

    @Override
    public CreateBucketResponse createContainer(CreateBucketRequest request) {
        if (request.acl() != null && request.acl() != BucketCannedACL.PRIVATE) {
            throw nothingIsPublic();
        }
        CreateBucketResponse response = delegate().createContainer(request);
        syncOrFail(buckets);
        return response;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        if (request.acl() != null && request.acl() != ObjectCannedACL.PRIVATE) {
            throw nothingIsPublic();
        }
        Path bucket = bucket(request.bucket());
        Path target = new ObjectKey(request.key()).in(bucket);
        boolean onlyIfAbsent = isOnlyIfAbsent(request);
        refuseLargeMetadata(request.metadata());
        String name = UUID.randomUUID().toString();
        Path upload = unfinished.resolve(name);
        PutObjectRequest uploadRequest = request.toBuilder()
                .bucket(String.valueOf(unfinished.getFileName()))
                .key(name)
                .ifNoneMatch(null)
                .build();
        try {
            PutObjectResponse response = uploads.putBlob(uploadRequest, payload);
            refuseIncomplete(request, upload);
            Durability.sync(upload);
            publish(bucket, upload, target, onlyIfAbsent);
            return response;
        } catch (IOException e) {
            throw unwritable(request.key(), e);
        } finally {
            discard(upload);
        }
    }

    private void publish(Path bucket, Path upload, Path target, boolean onlyIfAbsent) throws IOException {
        try {
            // link(2) fails when the name is taken, rename(2) replaces it: so the first of many writers wins, or the
            // last.
            folders.publish(
                    bucket,
                    upload,
                    target,
                    onlyIfAbsent
                            ? (file, path) -> Files.createLink(path, file)
                            : (file, path) -> Files.move(file, path, StandardCopyOption.ATOMIC_MOVE));
        } catch (FileAlreadyExistsException e) {
            if (onlyIfAbsent && target.toString().equals(e.getFile())) {
                throw new S3ProxyException(S3ErrorCode.PRECONDITION_FAILED, e);
            }
            throw keyIsPathOfAnother(e);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            if (Files.isDirectory(target)) {
                throw keyIsPathOfAnother(e);
            }
            throw e;
        }
    }

    private static boolean isOnlyIfAbsent(PutObjectRequest request) {
        String condition = request.ifNoneMatch();
        if (condition != null && !condition.equals("*")) {
            throw new S3ProxyException(S3ErrorCode.NOT_IMPLEMENTED, "If-None-Match of a PUT takes only *.");
        }
        return condition != null;
    }

    private static void refuseLargeMetadata(Map<String, String> metadata) {
        int bytes = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length
                    + entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > StoreDirectory.METADATA_LIMIT) {
            throw metadataTooLarge();
        }
    }

    /** s3proxy overlooks a body that ends early, and only logs attributes that found no room in the file system's block. */
    private static void refuseIncomplete(PutObjectRequest request, Path upload) throws IOException {
        Long length = request.contentLength();
        if (length != null && Files.size(upload) != length) {
            throw new S3ProxyException(S3ErrorCode.INCOMPLETE_BODY);
        }
        var attributes = Files.getFileAttributeView(upload, UserDefinedFileAttributeView.class)
                .list();
        for (String name : request.metadata().keySet()) {
            if (!attributes.contains(USER_METADATA_ATTRIBUTE + name)) {
                throw metadataTooLarge();
            }
        }
    }

    private static void discard(Path upload) {
        try {
            Files.deleteIfExists(upload);
        } catch (IOException e) {
            log.warn("Can't delete {}; the next start removes it.", upload, e);
        }
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        return readOneVersion(request.bucket(), request.key(), () -> delegate().blobMetadata(request), response -> {});
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        return readOneVersion(
                request.bucket(), request.key(), () -> delegate().getBlob(request), ResponseInputStream::abort);
    }

    /** s3proxy reads attributes and bytes by name, one after the other: a replacement in between would mix two versions. */
    private <T> T readOneVersion(String bucket, String key, Supplier<T> read, Discard<T> discard) {
        Path file = new ObjectKey(key).in(bucket(bucket));
        for (int attempt = 1; attempt <= READ_ATTEMPTS; attempt++) {
            Object before = identity(file);
            T result = read.get();
            if (before != null && before.equals(identity(file))) {
                return result;
            }
            discard.discard(result);
        }
        throw new S3ProxyException(S3ErrorCode.INTERNAL_ERROR, "The object is being replaced all the time.");
    }

    /** Null if there is no such file. */
    private static @Nullable Object identity(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        if (request.ifMatch() != null || request.ifMatchSize() != null || request.ifMatchLastModifiedTime() != null) {
            throw new UnsupportedOperationException("conditional delete");
        }
        Path bucket = bucket(request.bucket());
        try {
            folders.remove(bucket, new ObjectKey(request.key()).in(bucket));
            return DeleteObjectResponse.builder().build();
        } catch (NotDirectoryException e) {
            return DeleteObjectResponse.builder().build();
        } catch (IOException e) {
            throw unwritable(request.key(), e);
        }
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        String delimiter = request.delimiter();
        boolean folded = delimiter != null && !delimiter.isEmpty();
        if (folded && !"/".equals(delimiter)) {
            throw new S3ProxyException(S3ErrorCode.NOT_IMPLEMENTED, "The only delimiter is /.");
        }
        String after = request.continuationToken() != null ? request.continuationToken() : request.startAfter();
        int limit = request.maxKeys() == null ? DEFAULT_PAGE : request.maxKeys();
        Path bucket = bucket(request.bucket());
        try {
            return new ObjectListing(bucket, orEmpty(request.prefix()), folded, orEmpty(after), limit).page();
        } catch (IOException e) {
            log.error("Can't list bucket {} of the object store: {}", request.bucket(), e.toString());
            throw new S3ProxyException(S3ErrorCode.INTERNAL_ERROR, e);
        }
    }

    @Override
    public void deleteBucket(String container) {
        Path bucket = bucket(container);
        try {
            Files.delete(bucket);
            Durability.sync(buckets);
        } catch (DirectoryNotEmptyException e) {
            throw new S3ProxyException(S3ErrorCode.BUCKET_NOT_EMPTY, e);
        } catch (IOException e) {
            throw new S3ProxyException(S3ErrorCode.INTERNAL_ERROR, e);
        }
    }

    /** Deleting a bucket with all that is in it is not S3: only an empty one goes. */
    @Override
    public void deleteContainer(String container) {
        deleteBucket(container);
    }

    @Override
    public void clearContainer(ListObjectsV2Request request) {
        throw new UnsupportedOperationException("clear bucket");
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        throw new UnsupportedOperationException("copy");
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        throw new UnsupportedOperationException("multipart upload: use one PUT");
    }

    /** s3proxy would read it from the mode of the folder, which whoever made the folder chose. */
    @Override
    public BucketCannedACL getContainerAccess(String container) {
        bucket(container);
        return BucketCannedACL.PRIVATE;
    }

    @Override
    public void setContainerAccess(String container, BucketCannedACL access) {
        if (access != BucketCannedACL.PRIVATE) {
            throw nothingIsPublic();
        }
    }

    @Override
    public ObjectCannedACL getBlobAccess(String container, String name) {
        return ObjectCannedACL.PRIVATE;
    }

    @Override
    public ObjectCannedACL getBlobAccess(String container, String name, @Nullable String versionId) {
        return ObjectCannedACL.PRIVATE;
    }

    @Override
    public void setBlobAccess(String container, String name, ObjectCannedACL access) {
        if (access != ObjectCannedACL.PRIVATE) {
            throw nothingIsPublic();
        }
    }

    @Override
    public void setBlobAccess(String container, String name, ObjectCannedACL access, @Nullable String versionId) {
        setBlobAccess(container, name, access);
    }

    private Path bucket(String name) {
        Path bucket = buckets.resolve(name).normalize();
        if (!buckets.equals(bucket.getParent()) || !Files.isDirectory(bucket)) {
            throw new S3ProxyException(S3ErrorCode.NO_SUCH_BUCKET);
        }
        return bucket;
    }

    private static void syncOrFail(Path folder) {
        try {
            Durability.sync(folder);
        } catch (IOException e) {
            throw new S3ProxyException(S3ErrorCode.INTERNAL_ERROR, e);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Path parent(Path folder) {
        Path parent = folder.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("Not a folder of a store: " + folder);
        }
        return parent;
    }

    private static S3ProxyException unwritable(String key, IOException cause) {
        log.error("The object store can't write {}: {}. Is the disk full or read-only?", key, cause.toString());
        return new S3ProxyException(S3ErrorCode.INTERNAL_ERROR, cause);
    }

    private static S3ProxyException keyIsPathOfAnother(FileSystemException cause) {
        return new S3ProxyException(
                S3ErrorCode.INVALID_REQUEST,
                "This store keeps objects as files: no key may be a path prefix of another.",
                cause);
    }

    private static S3ProxyException metadataTooLarge() {
        return new S3ProxyException(
                S3ErrorCode.INVALID_ARGUMENT,
                "User metadata have at most " + StoreDirectory.METADATA_LIMIT + " bytes.");
    }

    private static UnsupportedOperationException nothingIsPublic() {
        return new UnsupportedOperationException("Nothing in this store is public; sign a URL instead.");
    }

    private interface Discard<T> {
        void discard(T result);
    }
}
