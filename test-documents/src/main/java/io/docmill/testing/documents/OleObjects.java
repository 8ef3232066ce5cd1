package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.apache.poi.hpsf.ClassID;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** OLE objects that are a link, and objects that are a file. */
final class OleObjects {
    // [MS-OLEDS] 2.3.3: the stream of a linked object; [MS-OSHARED] 2.3.7.6: the moniker of a URL and its class.
    private static final String OLE_STREAM = "\1Ole";
    private static final byte[] URL_MONIKER = HexFormat.of().parseHex("e0c9ea79f9bace118c8200aa004ba90b");
    private static final ClassID LINKED = new ClassID("{00000300-0000-0000-C000-000000000046}");

    private OleObjects() {}

    /** An object that is linked to a URL, to be updated whenever it is opened. */
    static byte[] linked(String url) {
        byte[] target = (url + "\0").getBytes(UTF_16LE);
        ByteBuffer stream = ByteBuffer.allocate(64 + target.length).order(ByteOrder.LITTLE_ENDIAN);
        stream.putInt(0x02000001).putInt(1).putInt(1).putInt(0).putInt(0).putInt(0);
        stream.putInt(20 + target.length).put(URL_MONIKER).putInt(target.length).put(target);
        try (var container = new POIFSFileSystem()) {
            container.getRoot().setStorageClsid(LINKED);
            container.createDocument(new ByteArrayInputStream(stream.array()), OLE_STREAM);
            return written(container);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object of the packager, which says that its content lies at a URL and is to be run. */
    static byte[] packaged(String url) {
        ByteBuffer stream = ByteBuffer.allocate(64 + 2 * url.length()).order(ByteOrder.LITTLE_ENDIAN);
        byte[] name = (url + "\0").getBytes(ISO_8859_1);
        stream.position(4);
        stream.putShort((short) 2).put(name).put(name).putShort((short) 0).putShort((short) 1);
        stream.putInt(0, stream.position() - 4);
        try (var container = new POIFSFileSystem()) {
            container.createDocument(new ByteArrayInputStream(stream.array()), "\1Ole10Native");
            return written(container);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] written(POIFSFileSystem container) throws IOException {
        var bytes = new ByteArrayOutputStream();
        container.writeFilesystem(bytes);
        return bytes.toByteArray();
    }
}
