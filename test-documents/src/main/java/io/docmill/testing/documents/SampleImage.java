package io.docmill.testing.documents;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A small picture to embed: red and blue quarters, so that tests can tell it in a rendered page. */
final class SampleImage {
    static final int WIDTH = 64;
    static final int HEIGHT = 48;
    private static final int RED = 0xE03030;
    private static final int BLUE = 0x3050E0;

    private SampleImage() {}

    static byte[] png() {
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                image.setRGB(x, y, (x < WIDTH / 2) == (y < HEIGHT / 2) ? RED : BLUE);
            }
        }
        var bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
