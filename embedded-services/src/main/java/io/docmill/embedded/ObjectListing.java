package io.docmill.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.PriorityQueue;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.StorageClass;

/**
 * One page of a LIST, in the order of keys. It reads the names of a folder only when the page gets there, and the attributes only
 * of what is on the page: the cost is that of the page and of the folders it touches, not of all that has the prefix.
 *
 * <p>What is deleted meanwhile is left out. For one thread, and for one page.
 */
final class ObjectListing {

    /** Where s3proxy keeps the MD5 that is the ETag. */
    private static final String ETAG_ATTRIBUTE = "user.content-md5";

    private final Path bucket;
    private final String prefix;
    private final boolean folded;
    private final String after;
    private final int limit;

    private final List<S3Object> objects = new ArrayList<>();
    private final List<CommonPrefix> commonPrefixes = new ArrayList<>();
    private String last = "";
    private boolean truncated;

    /**
     * @param prefix what all keys begin with, may be empty
     * @param folded whether keys with a slash past the prefix are told as one common prefix (delimiter {@code /})
     * @param after only keys and common prefixes past this one; empty for all
     * @param limit the most keys and common prefixes together, not negative
     */
    ObjectListing(Path bucket, String prefix, boolean folded, String after, int limit) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.folded = folded;
        this.after = after;
        this.limit = limit;
    }

    ListObjectsV2Response page() throws IOException {
        String folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
        Path start = bucket.resolve(folder).normalize();
        // A prefix such as "a//" or "../" names a folder that no key can be in.
        boolean reachable = folder.isEmpty() || (bucket.relativize(start) + "/").equals(folder);
        if (limit > 0 && reachable && start.startsWith(bucket)) {
            walk(start, folder);
        }
        return SdkResponses.objectsPage(objects, commonPrefixes, truncated ? last : null);
    }

    /** Returns false when the page is full and there is more. */
    private boolean walk(Path folder, String base) throws IOException {
        PriorityQueue<String> names = names(folder, base);
        for (String name = names.poll(); name != null; name = names.poll()) {
            boolean goOn = name.endsWith("/") ? enter(folder, base, name) : meet(folder, base, name, names);
            if (!goOn) {
                return false;
            }
        }
        return true;
    }

    /**
     * A name whose kind is not known yet. A folder goes back into the queue as {@code name/}, where its keys are in order:
     * {@code a-b} comes before {@code a/b}.
     */
    private boolean meet(Path folder, String base, String name, PriorityQueue<String> names) throws IOException {
        Path file = folder.resolve(name);
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                names.add(name + "/");
                return true;
            }
            String key = base + name;
            if (key.compareTo(after) <= 0) {
                return true;
            }
            if (isFull()) {
                return false;
            }
            objects.add(SdkResponses.objectEntry(
                    key,
                    eTag(file),
                    attributes.lastModifiedTime().toInstant(),
                    attributes.size(),
                    StorageClass.STANDARD));
            last = key;
            return true;
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private boolean enter(Path folder, String base, String name) throws IOException {
        String key = base + name;
        Path inner = folder.resolve(name);
        if (!folded) {
            return walk(inner, key);
        }
        if (key.equals(after) || isEmpty(inner, key)) {
            return true;
        }
        if (isFull()) {
            return false;
        }
        commonPrefixes.add(SdkResponses.commonPrefix(key));
        last = key;
        return true;
    }

    /** Whether nothing of a folder would be listed: the last object may be gone while its folder is not yet. */
    private boolean isEmpty(Path folder, String base) throws IOException {
        ObjectListing any = new ObjectListing(bucket, base, false, after, 1);
        any.walk(folder, base);
        return any.objects.isEmpty();
    }

    private boolean isFull() {
        truncated = objects.size() + commonPrefixes.size() >= limit;
        return truncated;
    }

    /** The names of a folder that can lead to keys of this page, smallest first. */
    private PriorityQueue<String> names(Path folder, String base) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (isWanted(base + name)) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new PriorityQueue<>();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new PriorityQueue<>(names);
    }

    private boolean isWanted(String path) {
        String asFolder = path + "/";
        return path.startsWith(prefix) && (asFolder.compareTo(after) >= 0 || after.startsWith(asFolder));
    }

    private static @Nullable String eTag(Path file) throws IOException {
        var attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        if (attributes == null) {
            return null;
        }
        try {
            ByteBuffer md5 = ByteBuffer.allocate(attributes.size(ETAG_ATTRIBUTE));
            attributes.read(ETAG_ATTRIBUTE, md5);
            return '"' + HexFormat.of().formatHex(md5.array()) + '"';
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            // A file that someone put there by hand has none; it must not make the whole folder unlistable.
            return null;
        }
    }
}
