package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.poi.poifs.filesystem.DirectoryEntry;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Writes a project of VBA with source code alone, as [MS-OVBA] lays it out. Office wants more, LibreOffice does not. */
final class VbaProject {
    private static final String STANDARD_MODULE = "Module1";

    private static final int PROJECT_CODE_PAGE = 0x0003;
    private static final int PROJECT_NAME = 0x0004;
    private static final int PROJECT_MODULES = 0x000F;
    private static final int PROJECT_END = 0x0010;
    private static final int MODULE_NAME = 0x0019;
    private static final int MODULE_NAME_UNICODE = 0x0047;
    private static final int MODULE_STREAM = 0x001A;
    private static final int MODULE_STREAM_UNICODE = 0x0032;
    private static final int MODULE_OFFSET = 0x0031;
    private static final int MODULE_PROCEDURAL = 0x0021;
    private static final int MODULE_OF_DOCUMENT = 0x0022;
    private static final int MODULE_END = 0x002B;

    /** A chunk of the compression may hold this many bytes, and as literals alone its own size must stay below it. */
    private static final int CHUNK = 3_600;

    private VbaProject() {}

    /**
     * The file vbaProject.bin.
     *
     * @param documentModule the module whose event procedures are those of the document, such as {@code ThisWorkbook}
     * @param events its source
     * @param source of a standard module
     */
    static byte[] of(String documentModule, String events, String source) {
        try (var container = new POIFSFileSystem();
                var bytes = new ByteArrayOutputStream()) {
            writeInto(container.getRoot(), documentModule, events, source);
            container.writeFilesystem(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This container with a project in a folder of it: {@code Macros} of a doc, {@code _VBA_PROJECT_CUR} of an xls. */
    static byte[] addedTo(byte[] document, String folder, String documentModule, String events, String source) {
        try (var container = new POIFSFileSystem(new ByteArrayInputStream(document));
                var bytes = new ByteArrayOutputStream()) {
            writeInto(container.createDirectory(folder), documentModule, events, source);
            container.writeFilesystem(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeInto(DirectoryEntry folder, String documentModule, String events, String source)
            throws IOException {
        DirectoryEntry code = folder.createDirectory("VBA");
        write(code, "dir", compressed(directory(documentModule)));
        write(code, documentModule, compressed(module(documentModule, events)));
        write(code, STANDARD_MODULE, compressed(module(STANDARD_MODULE, source)));
        write(code, "_VBA_PROJECT", new byte[] {(byte) 0xCC, 0x61, -1, -1, 0, 0, 0});
        String project = "ID=\"{00000000-0000-0000-0000-000000000000}\"\r\nDocument=" + documentModule
                + "/&H00000000\r\nModule=" + STANDARD_MODULE + "\r\nName=\"VBAProject\"\r\n";
        write(folder, "PROJECT", project.getBytes(ISO_8859_1));
    }

    private static void write(DirectoryEntry folder, String name, byte[] content) throws IOException {
        folder.createDocument(name, new ByteArrayInputStream(content));
    }

    private static byte[] module(String name, String source) {
        return ("Attribute VB_Name = \"" + name + "\"\r\n" + source.replace("\n", "\r\n")).getBytes(ISO_8859_1);
    }

    private static byte[] directory(String documentModule) {
        ByteBuffer records = ByteBuffer.allocate(1_000).order(ByteOrder.LITTLE_ENDIAN);
        record(records, PROJECT_CODE_PAGE, new byte[] {(byte) 0xE4, 4});
        record(records, PROJECT_NAME, "VBAProject".getBytes(ISO_8859_1));
        record(records, PROJECT_MODULES, new byte[] {2, 0});
        moduleRecords(records, documentModule, MODULE_OF_DOCUMENT);
        moduleRecords(records, STANDARD_MODULE, MODULE_PROCEDURAL);
        record(records, PROJECT_END, new byte[0]);
        byte[] written = new byte[records.position()];
        records.flip().get(written);
        return written;
    }

    private static void moduleRecords(ByteBuffer records, String name, int type) {
        record(records, MODULE_NAME, name.getBytes(ISO_8859_1));
        record(records, MODULE_NAME_UNICODE, name.getBytes(UTF_16LE));
        record(records, MODULE_STREAM, name.getBytes(ISO_8859_1));
        record(records, MODULE_STREAM_UNICODE, name.getBytes(UTF_16LE));
        record(records, MODULE_OFFSET, new byte[4]);
        record(records, type, new byte[0]);
        record(records, MODULE_END, new byte[0]);
    }

    private static void record(ByteBuffer records, int id, byte[] content) {
        records.putShort((short) id).putInt(content.length).put(content);
    }

    /** [MS-OVBA] 2.4.1: a signature, then chunks of a header and, after a byte of flags, eight literals each. */
    private static byte[] compressed(byte[] content) {
        if (content.length > CHUNK) {
            throw new IllegalArgumentException("one chunk holds " + CHUNK + " bytes, not " + content.length);
        }
        var chunk = new ByteArrayOutputStream();
        for (int i = 0; i < content.length; i += 8) {
            chunk.write(0);
            chunk.write(content, i, Math.min(8, content.length - i));
        }
        int header = 0xB000 | (chunk.size() - 1);
        var container = new ByteArrayOutputStream();
        container.write(1);
        container.write(header);
        container.write(header >> 8);
        container.writeBytes(chunk.toByteArray());
        return container.toByteArray();
    }
}
