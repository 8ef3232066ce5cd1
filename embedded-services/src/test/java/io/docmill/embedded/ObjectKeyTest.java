package io.docmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.S3ProxyException;
import org.junit.jupiter.api.Test;

class ObjectKeyTest {

    @Test
    void aKeyIsAPathBelowItsBucket() {
        assertThat(new ObjectKey("scopes/s/files/f/source").in(Path.of("/store/bucket")))
                .isEqualTo(Path.of("/store/bucket/scopes/s/files/f/source"));
    }

    @Test
    void keysThatAreNoPathOfTheirOwnAreRefused() {
        for (String key : List.of(
                "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "../a", "a/./b", "a\0b", "a/" + "b".repeat(256))) {
            assertThatThrownBy(() -> new ObjectKey(key), key).isInstanceOf(S3ProxyException.class);
        }
    }
}
