package io.docmill.testing.documents;

import io.docmill.testing.documents.HostileDocument.Kind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Decks of few bytes that take much time or memory to open. */
final class SlideBombs {
    private static final String GROUP =
            "<p:grpSp><p:nvGrpSpPr><p:cNvPr id=\"9\" name=\"g\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
                    + "<p:grpSpPr/>";

    private SlideBombs() {}

    static List<HostileDocument> all() {
        String cell = "<a:tc><a:txBody><a:bodyPr/><a:p><a:r><a:t>x</a:t></a:r></a:p></a:txBody></a:tc>";
        String columns = "<a:gridCol w=\"100\"/>".repeat(300);
        String row = "<a:tr h=\"100\">" + cell.repeat(300) + "</a:tr>";
        return List.of(
                bomb(
                        "pptx-groups-in-groups-150-times",
                        HostileParts.slide().add(GROUP.repeat(150) + "</p:grpSp>".repeat(150))),
                bomb(
                        "pptx-groups-in-groups-20000-times",
                        HostileParts.slide().add(GROUP.repeat(20_000) + "</p:grpSp>".repeat(20_000))),
                bomb(
                        "pptx-same-slide-20000-times",
                        HostileParts.slide()
                                .edit(
                                        "ppt/presentation.xml",
                                        "</p:sldIdLst>",
                                        IntStream.range(1_000, 21_000)
                                                        .mapToObj(i -> "<p:sldId id=\"" + i + "\" r:id=\"rId6\"/>")
                                                        .collect(Collectors.joining())
                                                + "</p:sldIdLst>")),
                bomb(
                        "pptx-slide-of-a-kilometre",
                        HostileParts.slide()
                                .edit(
                                        "ppt/presentation.xml",
                                        "<p:sldSz ",
                                        "<p:sldSz cx=\"2147483647\" cy=\"2147483647\"/><p:x ")),
                bomb(
                        "pptx-table-of-90000-cells",
                        HostileParts.slide()
                                .add("""
                        <p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="t"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>
                        <p:xfrm><a:off x="0" y="0"/><a:ext cx="30000" cy="30000"/></p:xfrm><a:graphic><a:graphicData
                        uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl><a:tblGrid>""" + columns + "</a:tblGrid>"
                                        + row.repeat(300) + "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>")));
    }

    private static HostileDocument bomb(String technique, HostileParts parts) {
        return new HostileDocument(technique, Kind.BOMB, TestDocument.of(technique + ".pptx", parts.toBytes()));
    }
}
