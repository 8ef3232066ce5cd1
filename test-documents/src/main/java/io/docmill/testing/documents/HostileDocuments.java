package io.docmill.testing.documents;

import io.docmill.testing.documents.Canary.Place;
import io.docmill.testing.documents.HostileDocument.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Documents that try what no document may do, one a technique, each made anew at each call. */
public final class HostileDocuments {
    /** Techniques that are tried by every way to name a place, not by HTTP and files alone. */
    private static final Set<String> EVERYWHERE = Set.of(
            "docx-linked-picture",
            "docx-attached-template",
            "xlsx-webservice",
            "xlsx-external-workbook",
            "pptx-linked-picture",
            "html-picture-as-doc",
            "fodt-section-as-doc");

    private HostileDocuments() {}

    /** All of them, some 200, in a stable order. Takes a second or two, and some 50 MB. */
    public static List<HostileDocument> all(Canary canary) {
        var documents = new ArrayList<HostileDocument>();
        addInclusions(documents, canary, Kind.INCLUSION, WordInclusions.ALL);
        addInclusions(documents, canary, Kind.INCLUSION, SheetInclusions.ALL);
        addInclusions(documents, canary, Kind.INCLUSION, SlideInclusions.ALL);
        addInclusions(documents, canary, Kind.POSING, PosingInclusions.ALL);
        documents.addAll(Macros.all(canary));
        addInclusions(documents, canary, Kind.ENTITIES, Entities.INCLUSIONS);
        documents.addAll(Entities.expansions());
        documents.addAll(WordBombs.all());
        documents.addAll(SheetBombs.all());
        documents.addAll(SlideBombs.all());
        documents.addAll(PartNames.all(canary));
        return documents;
    }

    private static void addInclusions(
            List<HostileDocument> documents, Canary canary, Kind kind, List<Inclusion> inclusions) {
        for (Inclusion inclusion : inclusions) {
            for (Place place : Place.values()) {
                if (place == Place.HTTP || place == Place.FILE || EVERYWHERE.contains(inclusion.technique())) {
                    documents.add(document(canary, kind, inclusion, place));
                }
            }
        }
    }

    private static HostileDocument document(Canary canary, Kind kind, Inclusion inclusion, Place place) {
        String technique = inclusion.technique() + "-by-" + place.word();
        byte[] content = inclusion.document().write(canary.url(place, technique, inclusion.type()));
        return new HostileDocument(technique, kind, TestDocument.of(technique + "." + inclusion.format(), content));
    }

    /** A workbook of few bytes that takes more than a gigabyte of memory within seconds. */
    public static TestDocument memoryBomb() {
        return SheetBombs.all().stream()
                .filter(bomb -> bomb.technique().equals("xlsx-array-formula-of-all-cells"))
                .findAny()
                .orElseThrow()
                .document();
    }
}
