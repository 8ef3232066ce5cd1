package io.docmill.testing.documents;

import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.hssf.record.crypto.Biff8EncryptionKey;
import org.apache.poi.sl.usermodel.PictureData.PictureType;
import org.apache.poi.sl.usermodel.Slide;
import org.apache.poi.sl.usermodel.SlideShow;
import org.apache.poi.xslf.usermodel.XMLSlideShow;

/** The pptx and ppt decks, made with POI's common slide model. */
final class Presentations {
    // Points, on POI's default slide of 720 × 540.
    private static final Rectangle TITLE = new Rectangle(50, 30, 620, 60);
    private static final Rectangle BODY = new Rectangle(50, 110, 620, 60);
    private static final Rectangle TABLE = new Rectangle(50, 190, 400, 80);
    private static final Rectangle PICTURE = new Rectangle(500, 190, SampleImage.WIDTH, SampleImage.HEIGHT);
    private static final int LINKS_TOP = 320;

    private Presentations() {}

    static byte[] pptx(List<String> slideTexts) {
        try (var show = new XMLSlideShow()) {
            fill(show, slideTexts);
            return OoxmlBytes.of(show);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] ppt(List<String> slideTexts) {
        try (var show = new HSLFSlideShow()) {
            fill(show, slideTexts);
            return written(show);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] encryptedPpt(String text, String password) {
        // POI takes the password of a ppt from the thread, and encrypts while it writes.
        Biff8EncryptionKey.setCurrentUserPassword(password);
        try {
            return ppt(List.of(text));
        } finally {
            Biff8EncryptionKey.setCurrentUserPassword(null);
        }
    }

    static byte[] richPptx(String heading, String text) {
        try (var show = new XMLSlideShow()) {
            var slide = show.createSlide();
            fillRich(show, slide, heading, text);
            var table = slide.createTable(2, 2);
            table.setAnchor(TABLE);
            for (int row = 0; row < 2; row++) {
                for (int column = 0; column < 2; column++) {
                    table.getCell(row, column).setText(TestDocuments.cellText(row, column));
                }
            }
            return OoxmlBytes.of(show);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] richPpt(String heading, String text) {
        try (var show = new HSLFSlideShow()) {
            var slide = show.createSlide();
            fillRich(show, slide, heading, text);
            var table = slide.createTable(2, 2);
            for (int row = 0; row < 2; row++) {
                for (int column = 0; column < 2; column++) {
                    table.getCell(row, column).setText(TestDocuments.cellText(row, column));
                }
            }
            table.setAnchor(TABLE);
            return written(show);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void fill(SlideShow<?, ?> show, List<String> slideTexts) throws IOException {
        for (String text : slideTexts) {
            addText(show.createSlide(), text, TITLE);
        }
    }

    private static void fillRich(SlideShow<?, ?> show, Slide<?, ?> slide, String heading, String text)
            throws IOException {
        addText(slide, heading, TITLE);
        addText(slide, text, BODY);
        slide.createPicture(show.addPicture(SampleImage.png(), PictureType.PNG)).setAnchor(PICTURE);
        int top = LINKS_TOP;
        for (String url : TestDocuments.LINKS) {
            var box = slide.createTextBox();
            box.setAnchor(new Rectangle(50, top, 620, 30));
            var run = box.setText("link to " + url);
            run.createHyperlink().setAddress(url);
            top += 40;
        }
    }

    private static void addText(Slide<?, ?> slide, String text, Rectangle anchor) {
        var box = slide.createTextBox();
        box.setAnchor(anchor);
        box.setText(text);
    }

    private static byte[] written(HSLFSlideShow show) throws IOException {
        var bytes = new ByteArrayOutputStream();
        show.write(bytes);
        return bytes.toByteArray();
    }
}
