package io.docmill.model.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The layout of the bucket: what is stored is found by it, so it can't change. */
class ObjectKeysTest {
    private static final ScopeId SCOPE = new ScopeId("scope_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    private static final SourceId FILE =
            SourceId.parse("file_01ARZ3NDEKTSV4RRFFQ69G5FAV").orElseThrow();

    @Test
    void placesASourceUnderItsScope() {
        assertThat(ObjectKeys.source(SCOPE, FILE))
                .isEqualTo("scopes/scope_01ARZ3NDEKTSV4RRFFQ69G5FAV/files/ZYN70WAJHC564V77GG8SPFTGN4/source");
    }

    @Test
    void placesARunBesideItsOutputAndItsFailure() {
        SourceId run = SourceId.parse("run_01ARZ3NDEKTSV4RRFFQ69G5FAV").orElseThrow();
        String prefix = "scopes/scope_01ARZ3NDEKTSV4RRFFQ69G5FAV/runs/ZYN70WAJHC564V77GG8SPFTGN4/";

        assertThat(ObjectKeys.run(SCOPE, run)).isEqualTo(prefix + "run");
        assertThat(ObjectKeys.source(SCOPE, run)).isEqualTo(prefix + "output");
        assertThat(ObjectKeys.runFailure(SCOPE, run)).isEqualTo(prefix + "failure");
        assertThatThrownBy(() -> ObjectKeys.run(SCOPE, FILE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void placesAnArtifactUnderItsSource() {
        var conversion = ConversionOptions.DEFAULT.conversionOf(FILE, DocumentFormat.PDF, null);

        assertThat(ObjectKeys.artifact(SCOPE, conversion))
                .isEqualTo(ObjectKeys.sourcePrefix(SCOPE, FILE) + "conversions/" + conversion.hash() + "/artifact");
    }

    @Test
    void placesWhatIsDueUnderTheMinuteThatBeginsThenOrNext() {
        Instant minute = Instant.parse("2026-11-23T23:59:00Z");

        assertThat(ObjectKeys.dueDelete(minute, SCOPE, FILE))
                .isEqualTo("due/202611232359/delete-scope_01ARZ3NDEKTSV4RRFFQ69G5FAV-file_01ARZ3NDEKTSV4RRFFQ69G5FAV");
        assertThat(ObjectKeys.dueExpiry(minute.plusMillis(1), SCOPE, FILE))
                .isEqualTo("due/202611240000/expire-scope_01ARZ3NDEKTSV4RRFFQ69G5FAV-file_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    }

    @Test
    void tellsWhatIsDueFromWhatIsNot() {
        Instant due = Instant.parse("2026-12-31T23:58:30Z");
        String marker = ObjectKeys.dueDelete(due, SCOPE, FILE);

        assertThat(ObjectKeys.endOfDue(due)).isLessThan(marker);
        assertThat(ObjectKeys.endOfDue(Instant.parse("2026-12-31T23:58:59.999Z")))
                .isLessThan(marker);
        assertThat(ObjectKeys.endOfDue(Instant.parse("2026-12-31T23:59:00Z"))).isGreaterThan(marker);
    }
}
