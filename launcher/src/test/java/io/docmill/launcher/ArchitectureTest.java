package io.docmill.launcher;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows between packages that CONTRIBUTING.md draws. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.docmill");

    @Test
    void seesTheWholeSystem() {
        assertThat(CLASSES.stream().map(type -> type.getPackageName().split("\\.", -1)[2]))
                .contains("model", "platform", "inspection", "gateway", "worker", "embedded", "launcher", "cli");
    }

    @Test
    void onlyOnePlaceKnowsTheStoresClient() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.docmill.platform.storage..", "io.docmill.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.minio..", "okhttp3.."));
    }

    @Test
    void onlyTheCacheAndTheWiringKnowRedissonsClient() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.docmill.platform.cache..", "io.docmill.gateway", "io.docmill.worker")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.redisson.."));
    }

    @Test
    void onlyTheEndsOfTheQueueKnowKafka() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.docmill.platform.queue..",
                        "io.docmill.gateway.kafka..",
                        "io.docmill.worker",
                        "io.docmill.worker.job..",
                        "io.docmill.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "io.vertx.kafka.."));
    }

    @Test
    void onlyOnePlaceKnowsOpenTelemetry() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.docmill.platform.tracing..", "io.docmill.testing.traces..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.opentelemetry.."));
    }

    @Test
    void tracingKnowsNothingOfWhatIsTraced() {
        check(noClasses()
                .that()
                .resideInAPackage("io.docmill.platform.tracing..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.docmill..")
                        .and(not(
                                resideInAnyPackage("io.docmill.platform.tracing..", "io.docmill.platform.config..")))));
    }

    @Test
    void onlyTheLibreOfficeEngineKnowsJodConverterAndUno() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.docmill.worker.libreoffice..", "com.sun.star..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.jodconverter..", "com.sun.star.."));
    }

    @Test
    void onlyTheHttpPackagesKnowRequestsAndAnswers() {
        check(noClasses()
                .that()
                .resideInAPackage("io.docmill.gateway..")
                .and()
                .resideOutsideOfPackages("io.docmill.gateway", "io.docmill.gateway.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..", "io.docmill.gateway.http.."));
    }

    @Test
    void convertingKnowsNeitherItsTransportNorItsQueue() {
        check(noClasses()
                .that()
                .resideInAPackage("io.docmill.gateway.conversion..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.docmill.gateway.http..", "io.docmill.gateway.kafka.."));
    }

    @Test
    void theCommandLineKnowsNothingOfTheService() {
        check(noClasses()
                .that()
                .resideInAPackage("io.docmill.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.docmill.model..", "io.docmill.platform..", "io.docmill.gateway..", "io.docmill.worker.."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "platform", "gateway", "worker"})
    void packagesHaveNoCycles(String part) {
        check(slices().matching("io.docmill." + part + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void namesSayWhatThingsAre() {
        check(classes()
                .that()
                .resideInAPackage("io.docmill..")
                .should()
                .haveNameNotMatching(".*(Utils?|Helper|Manager|Impl|Common|Misc|Base)(\\$.*)?")
                .andShould()
                .haveNameNotMatching(".*\\.Abstract[^.]*"));
    }

    @Test
    void everyPackageSaysWhatItIsAndThatNothingInItIsNull() {
        assertThat(CLASSES.getPackage("io.docmill").getSubpackagesInTree())
                .filteredOn(found -> !found.getClasses().isEmpty())
                .allMatch(found -> found.isAnnotatedWith(NullMarked.class), "has a package-info with @NullMarked")
                .extracting(JavaPackage::getName)
                .isNotEmpty();
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
