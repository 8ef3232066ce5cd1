package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.docmill.testing.documents.HostileDocument.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Documents that run code when they are opened: it writes a file, and puts {@link Canary#MACRO_MARK} into the document, which
 * tells of code that ran behind walls.
 */
final class Macros {
    private static final String VBA_TYPE = "application/vnd.ms-office.vbaProject";
    private static final String VBA_RELATION = "http://schemas.microsoft.com/office/2006/relationships/vbaProject";

    /** The one event of OpenDocument that LibreOffice 25.2 was seen to fire without a window. */
    private static final String VIEW_CREATED = "office:view-created";

    private final Canary canary;
    private final List<HostileDocument> documents = new ArrayList<>();

    private Macros(Canary canary) {
        this.canary = canary;
    }

    static List<HostileDocument> all(Canary canary) {
        var macros = new Macros(canary);
        macros.addBasic();
        macros.addVba();
        macros.addOthers();
        return macros.documents;
    }

    private void add(String technique, String format, Function<Path, byte[]> document) {
        byte[] content = document.apply(canary.written(technique));
        documents.add(new HostileDocument(technique, Kind.MACRO, TestDocument.of(technique + "." + format, content)));
    }

    /** Works as Basic of LibreOffice and as VBA in it, in texts and workbooks. */
    private static String procedure(String name, Path file) {
        String half = Canary.MACRO_MARK.substring(0, 5) + "\" & \"" + Canary.MACRO_MARK.substring(5);
        return """
                Sub %s()
                On Error Resume Next
                Open "%s" For Output As #1
                Print #1, "written"
                Close #1
                ThisComponent.Text.insertString(ThisComponent.Text.End, "%3$s", False)
                ThisComponent.Sheets.getByIndex(0).getCellByPosition(0, 5).setString("%3$s")
                Shell "/bin/touch", 0, "%2$s"
                End Sub
                """.formatted(name, file, half);
    }

    private void addBasic() {
        for (String event : List.of("dom:load", "office:load-finished", VIEW_CREATED)) {
            String name = event.substring(event.indexOf(':') + 1);
            add("fodt-basic-on-" + name + "-as-doc", "doc", file -> flat("text", "<text:p>x</text:p>", event, file));
        }
        add("fodt-basic-as-docx", "docx", file -> flat("text", "<text:p>x</text:p>", VIEW_CREATED, file));
        String table =
                "<table:table table:name=\"a\"><table:table-row><table:table-cell/></table:table-row></table:table>";
        add("fods-basic-as-xls", "xls", file -> flat("spreadsheet", table, VIEW_CREATED, file));
        add(
                "fods-basic-in-formula-as-xls",
                "xls",
                file -> flat(
                        "spreadsheet",
                        table.replace("cell/>", "cell table:formula=\"of:=MAIN()\"/>"),
                        "office:none",
                        file));
        add("fodp-basic-as-ppt", "ppt", file -> flat("presentation", "<draw:page/>", VIEW_CREATED, file));
        add("odt-basic-as-docx", "docx", file -> zipped("text", "<text:p>x</text:p>", file));
        add("ods-basic-as-xlsx", "xlsx", file -> zipped("spreadsheet", table, file));
        add(
                "html-basic-as-doc",
                "doc",
                file -> ("<html><head><script language=\"StarBasic\"><!--\n' $LIBRARY: Standard\n"
                                + "' $MODULE: Module1\n" + procedure("Main", file)
                                + "// --></script></head><body sdonload=\"Standard.Module1.Main\""
                                + " onload=\"Standard.Module1.Main\"><p>x</p></body></html>")
                        .getBytes(UTF_8));
    }

    private static String listeners(String event) {
        return ("<office:event-listeners><script:event-listener script:language=\"ooo:script\" script:event-name=\"%s\""
                        + " xlink:type=\"simple\" xlink:href=\"vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location="
                        + "document\"/></office:event-listeners>")
                .formatted(event);
    }

    private static byte[] flat(String kind, String body, String event, Path file) {
        String scripts =
                "<office:scripts><office:script script:language=\"ooo:Basic\"><ooo:libraries><ooo:library-embedded"
                        + " ooo:name=\"Standard\"><ooo:module ooo:name=\"Module1\"><ooo:source-code>"
                        + escaped(procedure("Main", file))
                        + "</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries>"
                        + "</office:script>" + listeners(event) + "</office:scripts>";
        return PosingInclusions.flat(kind, scripts, body).getBytes(UTF_8);
    }

    private static byte[] zipped(String kind, String body, Path file) {
        String library = "xmlns:library=\"http://openoffice.org/2000/library\"";
        String story = "<office:body><office:" + kind + ">" + body + "</office:" + kind + "></office:body>";
        return PosingInclusions.openDocument(
                        kind, "<office:scripts>" + listeners(VIEW_CREATED) + "</office:scripts>", story)
                .add(
                        "Basic/script-lc.xml",
                        "<?xml version=\"1.0\"?><library:libraries " + library
                                + " xmlns:xlink=\"http://www.w3.org/1999/xlink\"><library:library library:name=\"Standard\""
                                + " library:link=\"false\"/></library:libraries>")
                .add(
                        "Basic/Standard/script-lb.xml",
                        "<?xml version=\"1.0\"?><library:library " + library
                                + " library:name=\"Standard\" library:readonly=\"false\" library:passwordprotected=\"false\">"
                                + "<library:element library:name=\"Module1\"/></library:library>")
                .add(
                        "Basic/Standard/Module1.xml",
                        "<?xml version=\"1.0\"?><script:module"
                                + " xmlns:script=\"http://openoffice.org/2000/script\" script:name=\"Module1\""
                                + " script:language=\"StarBasic\">" + escaped(procedure("Main", file))
                                + "</script:module>")
                .edit("META-INF/manifest.xml", "</manifest:manifest>", basicEntries() + "</manifest:manifest>")
                .toBytes();
    }

    private static String basicEntries() {
        var entries = new StringBuilder();
        for (String part : List.of("script-lc.xml", "Standard/script-lb.xml", "Standard/Module1.xml")) {
            entries.append("<manifest:file-entry manifest:full-path=\"Basic/" + part
                    + "\" manifest:media-type=\"text/xml\"/>");
        }
        return entries.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private void addVba() {
        String wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
        add(
                "docx-vba-on-open",
                "docx",
                file -> word(file)
                        .edit("[Content_Types].xml", wordType, "application/vnd.ms-word.document.macroEnabled.main+xml")
                        .toBytes());
        add("docx-vba-without-its-type", "docx", file -> word(file).toBytes());
        String bookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
        add(
                "xlsx-vba-on-open",
                "xlsx",
                file -> sheet(file)
                        .edit("[Content_Types].xml", bookType, "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
                        .toBytes());
        add("xlsx-vba-without-its-type", "xlsx", file -> sheet(file).toBytes());
        add(
                "xlsx-vba-in-formula",
                "xlsx",
                file -> sheet(file)
                        .edit("</sheetData>", SheetInclusions.cell("Main()"))
                        .toBytes());
        add(
                "pptx-vba-on-open",
                "pptx",
                file -> HostileParts.slide()
                        .part("ppt/vbaProject.bin", VBA_TYPE, vba("Slide1", "Presentation_Open", file))
                        .inside("ppt/presentation.xml", "vba", VBA_RELATION, "vbaProject.bin")
                        .toBytes());
        add(
                "doc-vba-on-open",
                "doc",
                file -> VbaProject.addedTo(
                        TestDocuments.doc().bytes(), "Macros", "ThisDocument", events("Document_Open"), module(file)));
        add(
                "xls-vba-on-open",
                "xls",
                file -> VbaProject.addedTo(
                        Workbooks.xlsWithProject(),
                        "_VBA_PROJECT_CUR",
                        "ThisWorkbook",
                        events("Workbook_Open"),
                        module(file)));
    }

    private static HostileParts word(Path file) {
        return HostileParts.word()
                .part("word/vbaProject.bin", VBA_TYPE, vba("ThisDocument", "Document_Open", file))
                .inside("vba", VBA_RELATION, "vbaProject.bin");
    }

    private static HostileParts sheet(Path file) {
        return HostileParts.sheet()
                .part("xl/vbaProject.bin", VBA_TYPE, vba("ThisWorkbook", "Workbook_Open", file))
                .inside("xl/workbook.xml", "vba", VBA_RELATION, "vbaProject.bin")
                .edit("xl/workbook.xml", "<workbookPr ", "<workbookPr codeName=\"ThisWorkbook\" ")
                .edit("<dimension", "<sheetPr codeName=\"Sheet1\"/><dimension");
    }

    private static byte[] vba(String documentModule, String event, Path file) {
        return VbaProject.of(documentModule, events(event), module(file));
    }

    private static String events(String event) {
        return "Private Sub " + event + "()\nMain\nEnd Sub\n";
    }

    private static String module(Path file) {
        return procedure("Main", file)
                + "Sub AutoOpen()\nMain\nEnd Sub\nSub Auto_Open()\nMain\nEnd Sub\nSub AutoExec()\nMain\n" + "End Sub\n";
    }

    private void addOthers() {
        add(
                "xlsx-excel-4-macro-sheet",
                "xlsx",
                file -> HostileParts.sheet()
                        .inside(
                                "xl/workbook.xml",
                                "macros",
                                "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet",
                                "macrosheets/sheet1.xml")
                        .part("xl/macrosheets/sheet1.xml", "application/vnd.ms-excel.macrosheet+xml", """
                        <xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"
                        xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><f>EXEC("/bin/touch %s")
                        </f></c></row></sheetData></xm:macrosheet>""".formatted(
                                        file))
                        .edit(
                                "xl/workbook.xml",
                                "</sheets>",
                                "<sheet name=\"M\" sheetId=\"9\" state=\"hidden\" r:id=\"macros\"/></sheets>"
                                        + "<definedNames><definedName name=\"_xlnm.Auto_Open\" hidden=\"1\">M!$A$1</definedName></definedNames>")
                        .toBytes());
        add(
                "xlsx-exec-function",
                "xlsx",
                file -> HostileParts.sheet()
                        .edit("</sheetData>", SheetInclusions.cell("EXEC(\"/bin/touch %s\")".formatted(file)))
                        .toBytes());
        add(
                "xlsx-dde-command",
                "xlsx",
                file -> HostileParts.sheet()
                        .edit("</sheetData>", SheetInclusions.cell("cmd|'/C touch %s'!A0".formatted(file)))
                        .toBytes());
        add(
                "docx-dde-command",
                "docx",
                file -> HostileParts.word()
                        .add(
                                "<w:p><w:fldSimple w:dirty=\"true\" w:instr=\"DDEAUTO /bin/touch &quot;%s&quot;\"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>"
                                        .formatted(file))
                        .toBytes());
        add(
                "docx-macro-button",
                "docx",
                file -> HostileParts.word()
                        .add(
                                "<w:p><w:fldSimple w:dirty=\"true\" w:instr=\"MACROBUTTON Standard.Module1.Main press\"><w:r><w:t>x</w:t></w:r>"
                                        + "</w:fldSimple></w:p>")
                        .toBytes());
    }
}
