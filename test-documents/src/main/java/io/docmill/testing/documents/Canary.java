package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What hostile documents are after, and what tells that one got there: files with {@link #SECRET} in them, two servers on
 * loopback that count whoever connects, and places where only a macro would write. Safe for use by several threads.
 */
public final class Canary implements AutoCloseable {
    /** The text of every canary file and of every answer of the servers. */
    public static final String SECRET = "canaryofthismachine";

    /** What a macro puts into the document that it runs in, from two halves: not found where the macro is only shown. */
    public static final String MACRO_MARK = "macrohasrun";

    /** How long a connection that says nothing is listened to. */
    private static final int PATIENCE_MILLIS = 2_000;

    /** The line that an HTTP request begins with, or the user of an FTP connection; the first word is the technique. */
    private static final Pattern FIRST_LINE = Pattern.compile("(?:[A-Z]+ (?:http://[^/]*)?/|USER )([a-z0-9-]+).*");

    private static final String SVG = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"60\">"
            + "<text x=\"5\" y=\"40\" font-size=\"20\" font-family=\"Liberation Sans\">" + SECRET + "</text></svg>";
    private static final String HTML =
            "<!DOCTYPE html><html><body><table id=\"t\"><tr><td>" + SECRET + "</td></tr></table></body></html>";

    private final Path directory;
    private final ServerSocket http;
    private final ServerSocket greeting;
    private final Set<String> reached = ConcurrentHashMap.newKeySet();

    private Canary(Path directory, ServerSocket http, ServerSocket greeting) {
        this.directory = directory;
        this.http = http;
        this.greeting = greeting;
    }

    /** Writes the files below this directory, which everyone may read and write to, and starts the servers. */
    public static Canary start(Path directory) {
        try {
            contents().forEach((name, content) -> TestDocument.of(name, content).writeInto(directory));
            var loopback = InetAddress.getLoopbackAddress();
            var canary = new Canary(directory, new ServerSocket(0, 50, loopback), new ServerSocket(0, 50, loopback));
            canary.serve(canary.http, "");
            // Of FTP the server speaks first; other protocols are seen as a connection all the same.
            canary.serve(canary.greeting, "220 canary\r\n");
            return canary;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> contents() {
        return Map.of(
                "canary.txt", SECRET.getBytes(UTF_8),
                "canary.csv", SECRET.getBytes(UTF_8),
                "canary.svg", SVG.getBytes(UTF_8),
                "canary.html", HTML.getBytes(UTF_8),
                "canary.css", ("p:before { content: '" + SECRET + "' }").getBytes(UTF_8),
                "canary.dtd", ("<!ENTITY secret \"" + SECRET + "\">").getBytes(UTF_8),
                "canary.docx", TestDocuments.docx(SECRET).bytes(),
                "canary.xlsx", TestDocuments.xlsx(SECRET).bytes(),
                "canary.pptx", TestDocuments.pptx(SECRET).bytes());
    }

    private void serve(ServerSocket server, String greetings) {
        Thread.ofVirtual().name("canary").start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> answer(socket, greetings));
                } catch (SocketException e) {
                    return;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    /** Notes who came; one whose technique can't be told counts too, under what it said. */
    private void answer(Socket socket, String greetings) {
        String line = "";
        try (socket) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(greetings.getBytes(ISO_8859_1));
            line = firstLine(socket);
            byte[] body = contents().getOrDefault(fileName(line), SECRET.getBytes(UTF_8));
            String head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            socket.getOutputStream().write(body);
        } catch (IOException e) {
            // It came: that is all that counts.
        } finally {
            var matcher = FIRST_LINE.matcher(line);
            reached.add(matcher.matches() ? matcher.group(1) : "unknown " + line);
        }
    }

    private static String firstLine(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= ' ';
                next = socket.getInputStream().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** The last word of the path in {@code GET /technique/canary.svg HTTP/1.1}. */
    private static String fileName(String line) {
        String path = line.replaceFirst("^[A-Z]+ ", "").replaceFirst("[ ?#].*", "");
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whoever has connected to a server since {@link #forget}: techniques, and who said something else. */
    public Set<String> reached() {
        return new TreeSet<>(reached);
    }

    /** From now on only what comes counts. */
    public void forget() {
        reached.clear();
        written().forEach(technique -> written(technique).toFile().delete());
    }

    /** The canary file of a type, such as {@code svg}. */
    Path file(String type) {
        return directory.resolve("canary." + type);
    }

    /**
     * The URL by which a technique points at the canary of a type.
     *
     * @param type the extension of a canary file: txt, csv, svg, html, css, dtd, docx, xlsx or pptx
     */
    String url(Place place, String technique, String type) {
        String path = "/" + technique + "/canary." + type;
        int other = greeting.getLocalPort();
        return switch (place) {
            case HTTP -> "http://127.0.0.1:" + http.getLocalPort() + path;
            case FILE -> file(type).toUri().toString().replaceFirst("^file:/+", "file:///");
            case UNC -> "\\\\127.0.0.1" + path.replace('/', '\\');
            case SMB -> "smb://" + technique + "@127.0.0.1:" + other + path;
            case FTP -> "ftp://" + technique + "@127.0.0.1:" + other + path;
            case WEBDAV -> "vnd.sun.star.webdav://127.0.0.1:" + http.getLocalPort() + path;
        };
    }

    /** Where a document may point. */
    enum Place {
        HTTP,
        FILE,
        UNC,
        SMB,
        FTP,
        WEBDAV;

        /** As part of a technique's name. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The file that a technique's macro would write. */
    Path written(String technique) {
        return directory.resolve("written-by-" + technique);
    }

    /** The techniques whose macros wrote their file. */
    public Set<String> written() {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("written-by-"))
                    .map(name -> name.substring("written-by-".length()))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            http.close();
            greeting.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
