package io.docmill.model.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceIdTest {
    @Test
    void readsWhatItPrints() {
        for (SourceId.Kind kind : SourceId.Kind.values()) {
            SourceId id = SourceId.create(kind);
            assertThat(SourceId.parse(id.toString())).contains(id);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "file_",
                "file_01ARZ3NDEKTSV4RRFFQ69G5FA",
                "file_01arz3ndektsv4rrffq69g5fav",
                "file_01ARZ3NDEKTSV4RRFFQ69G5FAI",
                "file_81ARZ3NDEKTSV4RRFFQ69G5FAV",
                "batch_01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "file_01ARZ3NDEKTSV4RRFFQ69G5FAV/../x"
            })
    void refusesWhatIsNoCanonicalId(String text) {
        assertThat(SourceId.parse(text)).isEmpty();
    }

    @Test
    void sortsNewestFirstByItsKeySegment() {
        var segments = Stream.generate(() -> SourceId.create(SourceId.Kind.FILE))
                .limit(100)
                .map(SourceId::keySegment)
                .toList();

        assertThat(segments).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void isReadBackFromItsKeySegment() {
        SourceId id = SourceId.create(SourceId.Kind.RUN);

        assertThat(SourceId.ofKeySegment(SourceId.Kind.RUN, id.keySegment())).isEqualTo(id);
    }
}
