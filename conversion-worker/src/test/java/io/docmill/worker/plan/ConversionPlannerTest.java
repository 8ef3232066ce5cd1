package io.docmill.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.ConversionStep.RasteriseStep;
import io.docmill.worker.plan.ConversionStep.SanitiseHtmlStep;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversionPlannerTest {

    private final ConversionPlanner planner = new ConversionPlanner();

    private ConversionPlan plan(DocumentFormat source, DocumentFormat target, PlanOptions options) {
        return planner.plan(Path.of("in"), source, Path.of("out"), target, options);
    }

    private LibreOfficeStep office(DocumentFormat source, DocumentFormat target, PlanOptions options) {
        return (LibreOfficeStep) plan(source, target, options).steps().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "XLSX, PDF", "XLSX, CSV", "XLSX, PNG", "XLSX, HTML", "XLS, PDF", "XLS, CSV", "XLS, XLSX", "XLS, HTML",
        "DOCX, PDF", "DOCX, HTML", "DOCX, TXT", "DOCX, ODT", "DOC, PDF", "DOC, DOCX", "DOC, HTML", "DOC, TXT",
        "PPTX, PDF", "PPTX, PNG", "PPTX, ODP", "PPT, PDF", "PPT, PPTX", "PPT, PNG"
    })
    void everyPairHasAPlanThatForbidsTheDocumentToAct(DocumentFormat source, DocumentFormat target) {
        // When
        var step = office(source, target, PlanOptions.DEFAULT);
        // Then
        assertThat(step.source()).isEqualTo(source);
        assertThat(step.importFilters()).isNotEmpty();
        assertThat(step.load().values())
                .containsEntry("ReadOnly", new OfficeValue.Flag(true))
                .containsEntry("MacroExecutionMode", new OfficeValue.Small((short) 0))
                .containsEntry("UpdateDocMode", new OfficeValue.Small((short) 0))
                .doesNotContainKey("Password");
    }

    @ParameterizedTest
    @CsvSource({"PPTX, HTML", "PPTX, CSV", "DOCX, CSV", "XLSX, TXT", "DOCX, ODP", "PDF, DOCX", "DOCX, DOC", "ODT, PDF"})
    void otherPairsAreRefused(DocumentFormat source, DocumentFormat target) {
        assertThatIllegalArgumentException().isThrownBy(() -> plan(source, target, PlanOptions.DEFAULT));
    }

    @Test
    void workbooksAreOpenedHiddenUnlessTheActiveSheetMatters() {
        assertThat(office(DocumentFormat.XLS, DocumentFormat.PDF, PlanOptions.DEFAULT)
                        .load()
                        .values())
                .containsEntry("Hidden", new OfficeValue.Flag(true));
        assertThat(office(DocumentFormat.XLS, DocumentFormat.CSV, PlanOptions.DEFAULT)
                        .load()
                        .values())
                .containsEntry("Hidden", new OfficeValue.Flag(false));
    }

    @Test
    void pdfIsTaggedOnlyOnRequest() {
        assertThat(filterData(office(DocumentFormat.DOCX, DocumentFormat.PDF, PlanOptions.DEFAULT)))
                .containsEntry("UseTaggedPDF", new OfficeValue.Flag(false));
        assertThat(filterData(office(DocumentFormat.DOCX, DocumentFormat.PDF, PlanOptions.DEFAULT.withTagged(true))))
                .containsEntry("UseTaggedPDF", new OfficeValue.Flag(true));
    }

    @Test
    void pngIsTheFirstPageOfAPdf() {
        // When
        var steps = plan(DocumentFormat.PPTX, DocumentFormat.PNG, PlanOptions.DEFAULT)
                .steps();
        // Then
        assertThat(steps).hasSize(2).element(1).isEqualTo(new RasteriseStep(1_920));
        assertThat(filterData((LibreOfficeStep) steps.getFirst()))
                .containsEntry("PageRange", new OfficeValue.Text("1"));
    }

    @Test
    void htmlIsSanitised() {
        assertThat(plan(DocumentFormat.XLSX, DocumentFormat.HTML, PlanOptions.DEFAULT)
                        .steps())
                .last()
                .isInstanceOf(SanitiseHtmlStep.class);
    }

    @Test
    void passwordIsGivenToLibreOfficeAndNeverShown() {
        // When
        var plan = plan(DocumentFormat.XLSX, DocumentFormat.PDF, PlanOptions.DEFAULT.withPassword("open sesame"));
        // Then
        assertThat(((LibreOfficeStep) plan.steps().getFirst()).load().values())
                .containsEntry("Password", new OfficeValue.Secret("open sesame"));
        assertThat(plan.toString()).doesNotContain("sesame");
    }

    private static Map<String, OfficeValue> filterData(LibreOfficeStep step) {
        var data =
                (OfficeValue.Group) Objects.requireNonNull(step.store().values().get("FilterData"));
        return data.value().values();
    }
}
