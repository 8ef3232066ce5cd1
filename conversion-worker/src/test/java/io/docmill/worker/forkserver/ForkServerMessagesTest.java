package io.docmill.worker.forkserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.PlanOptions;
import io.docmill.worker.sandbox.DocumentConfinement;
import io.docmill.worker.sandbox.ResourceLimits;
import io.docmill.worker.sandbox.SlotDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the fork server is told; its README describes it. */
class ForkServerMessagesTest {

    private static final SlotDirectory SLOT = new SlotDirectory(Path.of("/work/slots/1"), Optional.empty());
    private static final DocumentConfinement NONE = DocumentConfinement.none(ResourceLimits.DEFAULT);

    private static OfficeConversion conversion() {
        var plan = new ConversionPlanner()
                .plan(
                        Path.of("/in.doc"),
                        DocumentFormat.DOC,
                        Path.of("/out.pdf"),
                        DocumentFormat.PDF,
                        PlanOptions.DEFAULT.withPassword("open sesame"));
        return new OfficeConversion(
                "/in.doc", "/out.pdf", (LibreOfficeStep) plan.steps().getFirst());
    }

    @Test
    void propertiesSayTheirTypes() {
        // When
        var message = ForkServerMessages.convert(new ChildJob(conversion(), SLOT, false, Optional.empty()), NONE);
        // Then
        assertThat(message.path("type").asText()).isEqualTo("convert");
        var conversion = message.path("conversion");
        assertThat(conversion.path("import_filters")).hasSize(3);
        assertThat(conversion.path("load").path("Hidden").path("flag").asBoolean())
                .isTrue();
        assertThat(conversion
                        .path("load")
                        .path("MacroExecutionMode")
                        .path("short")
                        .isIntegralNumber())
                .isTrue();
        assertThat(conversion.path("load").path("Password").path("text").asText())
                .isEqualTo("open sesame");
        assertThat(conversion
                        .path("store")
                        .path("FilterData")
                        .path("group")
                        .path("UseTaggedPDF")
                        .path("flag")
                        .isBoolean())
                .isTrue();
    }

    @Test
    void aJobHasItsPlace() {
        // When
        var message = ForkServerMessages.convert(new ChildJob(conversion(), SLOT, true, Optional.empty()), NONE);
        // Then
        assertThat(message.path("keep").asBoolean()).isTrue();
        assertThat(message.path("directory").asText()).isEqualTo("/work/slots/1/files/scratch");
        assertThat(message.path("home").asText()).isEqualTo("/work/slots/1/files/home");
        assertThat(message.path("log").asText()).isEqualTo("/work/slots/1/process.log");
    }

    @Test
    void theServerIsToldNothingOfTheDocument() {
        // When
        var head = ForkServerMessages.job("7", true, Optional.empty());
        // Then
        assertThat(head.toString()).isEqualTo("{\"type\":\"job\",\"id\":\"7\",\"keep\":true}");
    }

    @Test
    void limitsAndTheFilterAreNumbers() {
        // Given
        var confinement = new DocumentConfinement(
                NONE.limits(),
                List.of("net"),
                false,
                NONE.user(),
                NONE.group(),
                List.of(Path.of("/usr")),
                List.of(),
                List.of(),
                List.of(new long[] {0x06, 0, 0, 0xFFFF_FFFFL}));
        var setup = new ForkServer.Setup(
                Path.of("/fork-server"), Path.of("/usr/lib/libreoffice"), confinement, 2, List.of(conversion()));
        // When
        var message = ForkServerMessages.start(setup, Path.of("/work/profile"));
        // Then
        assertThat(message.path("protocol").asInt()).isEqualTo(1);
        assertThat(message.path("program").asText()).isEqualTo("/usr/lib/libreoffice/program");
        assertThat(message.path("profile").asText()).isEqualTo("file:///work/profile");
        assertThat(message.path("warm_up")).hasSize(1);
        var told = message.path("confinement");
        assertThat(told.path("limits").path("as").asLong()).isEqualTo(4L << 30);
        assertThat(told.path("unshare").path(0).asText()).isEqualTo("net");
        assertThat(told.path("filter").path(0).path(3).asLong()).isEqualTo(0xFFFF_FFFFL);
    }
}
