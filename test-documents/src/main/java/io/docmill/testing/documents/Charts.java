package io.docmill.testing.documents;

/** The part of a chart that says its data are in another file, and its frame's fill in an image. */
final class Charts {
    static final String CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";

    private Charts() {}

    /** A chart whose data come from, and whose area is filled from, what its relationship {@code link} says. */
    static String withExternalData() {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
                xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
                xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:chart><c:plotArea><c:layout/>
                <c:barChart><c:barDir val="col"/><c:ser><c:idx val="0"/><c:order val="0"/><c:tx><c:strRef><c:f>Sheet1!$A$1</c:f></c:strRef>
                </c:tx><c:val><c:numRef><c:f>[1]Sheet1!$A$1:$A$2</c:f></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/>
                </c:barChart><c:catAx><c:axId val="1"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:crossAx val="1"/>
                </c:valAx></c:plotArea></c:chart><c:spPr><a:blipFill><a:blip r:link="link"/><a:stretch/></a:blipFill></c:spPr>
                <c:externalData r:id="link"><c:autoUpdate val="1"/></c:externalData></c:chartSpace>""";
    }
}
