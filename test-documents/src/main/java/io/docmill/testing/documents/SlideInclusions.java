package io.docmill.testing.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.poi.hslf.model.MovieShape;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.sl.usermodel.PictureData.PictureType;

/** What a pptx or ppt may name of other places. The names of elements are those of ECMA-376. */
final class SlideInclusions {
    static final List<Inclusion> ALL = List.of(
            slide(
                    "pptx-linked-picture",
                    "svg",
                    (parts, url) -> parts.link("image", url).add(picture("<a:blip r:link=\"link\"/>", ""))),
            slide(
                    "pptx-external-embedded-picture",
                    "svg",
                    (parts, url) -> parts.link("image", url).add(picture("<a:blip r:embed=\"link\"/>", ""))),
            slide(
                    "pptx-shape-fill",
                    "svg",
                    (parts, url) -> parts.link("image", url)
                            .add(shape("<a:blipFill><a:blip r:link=\"link\"/><a:stretch/></a:blipFill>", ""))),
            slide(
                    "pptx-bullet-picture",
                    "svg",
                    (parts, url) -> parts.link("image", url)
                            .add(
                                    shape(
                                            "",
                                            "<a:pPr marL=\"900000\" indent=\"-900000\"><a:buBlip><a:blip r:link=\"link\"/></a:buBlip></a:pPr>"))),
            slide(
                    "pptx-background",
                    "svg",
                    (parts, url) -> parts.link("image", url)
                            .edit(
                                    "<p:cSld>",
                                    "<p:cSld><p:bg><p:bgPr><a:blipFill><a:blip r:link=\"link\"/><a:stretch/></a:blipFill>"
                                            + "<a:effectLst/></p:bgPr></p:bg>")),
            slide(
                    "pptx-linked-video",
                    "svg",
                    (parts, url) ->
                            parts.link("video", url).add(picture("<a:blip/>", "<a:videoFile r:link=\"link\"/>"))),
            slide(
                    "pptx-linked-media",
                    "svg",
                    (parts, url) -> parts.link("http://schemas.microsoft.com/office/2007/relationships/media", url)
                            .add(
                                    picture(
                                            "<a:blip/>",
                                            "<a:videoFile r:link=\"link\"/><p:extLst><p:ext"
                                                    + " uri=\"{DAA4B4D4-6D71-4841-9C94-3DE7FCFB9230}\"><p14:media r:link=\"link\"/></p:ext></p:extLst>"))),
            slide(
                    "pptx-linked-sound",
                    "txt",
                    (parts, url) ->
                            parts.link("audio", url).add(picture("<a:blip/>", "<a:audioFile r:link=\"link\"/>"))),
            slide(
                    "pptx-transition-sound",
                    "txt",
                    (parts, url) -> parts.link("audio", url)
                            .edit(
                                    "</p:sld>",
                                    "<p:transition><p:sndAc><p:stSnd><p:snd r:embed=\"link\" name=\"s\"/></p:stSnd></p:sndAc>"
                                            + "</p:transition></p:sld>")),
            slide(
                    "pptx-jump-to-show",
                    "pptx",
                    (parts, url) -> parts.link("hyperlink", url)
                            .add(
                                    shape(
                                            "",
                                            "<a:r><a:rPr><a:hlinkClick r:id=\"link\" action=\"ppaction://hlinkpres?slideindex=1\"/>"
                                                    + "<a:hlinkMouseOver r:id=\"link\" action=\"ppaction://hlinkpres?slideindex=1\"/></a:rPr><a:t>x</a:t></a:r>"))),
            slide(
                    "pptx-run-program",
                    "txt",
                    (parts, url) -> parts.link("hyperlink", url)
                            .add(shape(
                                    "",
                                    "<a:r><a:rPr><a:hlinkMouseOver r:id=\"link\" action=\"ppaction://program\"/></a:rPr><a:t>x</a:t>"
                                            + "</a:r>"))),
            slide(
                    "pptx-ole-link",
                    "docx",
                    (parts, url) -> parts.link("oleObject", url)
                            .add(object("Word.Document.12", "link", "<p:link updateAutomatic=\"1\"/>"))),
            slide(
                    "pptx-ole-moniker",
                    "docx",
                    (parts, url) -> parts.part(
                                    "ppt/embeddings/object.bin",
                                    "application/vnd.openxmlformats-officedocument.oleObject",
                                    OleObjects.linked(url))
                            .inside("object", "oleObject", "../embeddings/object.bin")
                            .add(object("Package", "object", "<p:embed/>"))),
            slide(
                    "pptx-embedded-workbook",
                    "svg",
                    (parts, url) -> parts.part(
                                    "ppt/embeddings/book.xlsx",
                                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                    SheetInclusions.linkedPicture(url))
                            .inside("object", "package", "../embeddings/book.xlsx")
                            .add(object("Excel.Sheet.12", "object", "<p:embed/>"))),
            slide(
                    "pptx-chart-data",
                    "xlsx",
                    (parts, url) -> parts.inside("chart", "chart", "../charts/chart1.xml")
                            .part("ppt/charts/chart1.xml", Charts.CONTENT_TYPE, Charts.withExternalData())
                            .link("ppt/charts/chart1.xml", "oleObject", url)
                            .add(frame(
                                    "http://schemas.openxmlformats.org/drawingml/2006/chart",
                                    "<c:chart r:id=\"chart\"/>"))),
            slide(
                    "pptx-svg-inside",
                    "svg",
                    (parts, url) -> parts.inside("image", "image", "../media/image1.svg")
                            .part("ppt/media/image1.svg", "image/svg+xml", PosingInclusions.svg(url))
                            .add(picture("<a:blip r:embed=\"image\"/>", ""))),
            slide(
                    "pptx-external-slide",
                    "pptx",
                    (parts, url) -> parts.link("ppt/presentation.xml", "slide", url)
                            .edit(
                                    "ppt/presentation.xml",
                                    "</p:sldIdLst>",
                                    "<p:sldId id=\"400\" r:id=\"link\"/></p:sldIdLst>")),
            new Inclusion("ppt-linked-movie", "ppt", "svg", SlideInclusions::movie));

    private SlideInclusions() {}

    private static Inclusion slide(String technique, String type, BiConsumer<HostileParts, String> edit) {
        return Inclusion.ofParts(technique, "pptx", type, HostileParts::slide, edit);
    }

    static String picture(String blip, String properties) {
        return """
                <p:pic><p:nvPicPr><p:cNvPr id="9" name="p"/><p:cNvPicPr/><p:nvPr>%s</p:nvPr></p:nvPicPr><p:blipFill>%s<a:stretch>
                <a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x="600000" y="1500000"/><a:ext cx="7000000" cy="700000"/>
                </a:xfrm><a:prstGeom prst="rect"/></p:spPr></p:pic>""".formatted(properties, blip);
    }

    private static String shape(String fill, String text) {
        return """
                <p:sp><p:nvSpPr><p:cNvPr id="9" name="s"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="600000" y="1500000"/>
                <a:ext cx="7000000" cy="700000"/></a:xfrm><a:prstGeom prst="rect"/>%s</p:spPr><p:txBody><a:bodyPr/><a:p>%s<a:r><a:t>y</a:t>
                </a:r></a:p></p:txBody></p:sp>""".formatted(fill, text);
    }

    private static String frame(String kind, String content) {
        return """
                <p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="9" name="o"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>
                <a:off x="600000" y="1500000"/><a:ext cx="7000000" cy="3000000"/></p:xfrm><a:graphic><a:graphicData uri="%s">%s
                </a:graphicData></a:graphic></p:graphicFrame>""".formatted(kind, content);
    }

    private static String object(String program, String relation, String kind) {
        return frame(
                "http://schemas.openxmlformats.org/presentationml/2006/ole",
                "<p:oleObj showAsIcon=\"0\" r:id=\"%s\" imgW=\"7000000\" imgH=\"700000\" progId=\"%s\">%s</p:oleObj>"
                        .formatted(relation, program, kind));
    }

    private static byte[] movie(String url) {
        try (var show = new HSLFSlideShow();
                var bytes = new ByteArrayOutputStream()) {
            int movie = show.addMovie(url, MovieShape.MOVIE_MPEG);
            show.createSlide().addShape(new MovieShape(movie, show.addPicture(SampleImage.png(), PictureType.PNG)));
            show.write(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
