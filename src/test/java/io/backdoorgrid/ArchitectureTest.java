package io.backdoorgrid;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which package may look at which: the arrows of ARCHITECTURE.md. */
class ArchitectureTest {

  private static final String ROOT = "io.backdoorgrid";

  private static final JavaClasses MAIN =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(ROOT);

  private static final String JDK = "java..";
  private static final String JACKSON = "com.fasterxml.jackson..";
  private static final String CODEC = "org.apache.commons.codec..";
  private static final String JAVADOC = "com.github.therapi..";
  private static final String DJL = "ai.djl..";
  private static final String SPARK = "org.apache.spark..";
  private static final String HADOOP = "org.apache.hadoop..";

  @Test
  void metricsAreNumbersAlone() {
    seesOnly("metric", JDK).check(MAIN);
  }

  @Test
  void gridKnowsNoAlgorithmAndNoFramework() {
    seesOnly("grid", JDK, JACKSON, CODEC, own("metric")).check(MAIN);
  }

  @Test
  void algorithmDescribesRecordsToTheGrid() {
    seesOnly("algorithm", JDK, CODEC, JAVADOC, own("grid")).check(MAIN);
  }

  @Test
  void torchIsAThinLayerOverDjl() {
    seesOnly("torch", JDK, JACKSON, DJL, own("algorithm")).check(MAIN);
  }

  @Test
  void dataIsPlainMemory() {
    seesNothingOf("data", DJL, SPARK, HADOOP).check(MAIN);
  }

  @Test
  void modelsDoNotKnowWhoTrainsThem() {
    seesNothingOf("model", own("train"), own("attack"), own("defense"), own("run"), own("store"))
        .check(MAIN);
  }

  @Test
  void networksDoNotKnowWhoClassifiesWithThem() {
    seesOnly("model.net", JDK, DJL, own("torch"), own("data"), own("algorithm")).check(MAIN);
  }

  @Test
  void classifiersDoNotKnowHeads() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".model")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(own("model.head"))
        .check(MAIN);
  }

  @Test
  void trainingDoesNotKnowWhatItIsFor() {
    seesNothingOf("train", own("attack"), own("defense"), own("run"), own("store"), own("grid"))
        .check(MAIN);
  }

  /** A defense never sees a trigger or the truth about poisoned images. */
  @Test
  void defensesDoNotKnowTheAttack() {
    seesNothingOf(
            "defense",
            own("attack"),
            own("analysis"),
            own("run"),
            own("store"),
            own("report"),
            SPARK)
        .check(MAIN);
  }

  @Test
  void dataFreeDefensesSeeNoImages() {
    seesNothingOf("defense.datafree", own("data"), own("train")).check(MAIN);
  }

  @Test
  void extractorsKnowNeitherAttackNorDefense() {
    seesNothingOf("extractor", own("attack"), own("defense"), own("run"), own("store"), SPARK)
        .check(MAIN);
  }

  /** Tools for pruning know networks, not who prunes. */
  @Test
  void pruningToolsKnowNoAlgorithm() {
    seesOnly("prune", JDK, DJL, own("algorithm"), own("model"), own("torch")).check(MAIN);
  }

  /** Tools that mislead networks serve attacks and defenses alike. */
  @Test
  void perturbationsKnowNoAlgorithm() {
    seesOnly("perturb", JDK, DJL, own("algorithm"), own("data"), own("model"), own("torch"))
        .check(MAIN);
  }

  /** What several attacks share does not know which ones. */
  @Test
  void sharedTriggersKnowNoAttack() {
    seesOnly(
            "attack.trigger",
            JDK,
            own("algorithm"),
            own("data"),
            own("perturb"),
            own("torch"),
            ROOT + ".attack")
        .check(MAIN);
  }

  @Test
  void attacksDoNotKnowTheDefense() {
    seesNothingOf("attack", own("defense"), own("run"), own("store"), own("report"), SPARK)
        .check(MAIN);
  }

  /**
   * It is handed a network and images; where they came from, and what becomes of it, others know.
   */
  @Test
  void analysesKnowNeitherAttackNorStore() {
    seesNothingOf(
            "analysis",
            own("attack"),
            own("train"),
            own("run"),
            own("store"),
            own("grid"),
            own("report"),
            SPARK,
            HADOOP)
        .check(MAIN);
  }

  @Test
  void storeKeepsBytesAndRows() {
    seesNothingOf("store", own("grid"), own("run"), SPARK, DJL).check(MAIN);
  }

  @Test
  void reportsNeedNoCluster() {
    seesNothingOf("report", own("run"), SPARK, DJL).check(MAIN);
  }

  @Test
  void publishedNumbersDoNotKnowWhereTheyAreShown() {
    seesNothingOf("report.published", own("report.table")).check(MAIN);
  }

  @Test
  void picturesShowAnyImages() {
    seesOnly("picture", JDK, "javax.imageio..", own("data")).check(MAIN);
  }

  @Test
  void sparkIsSeenOnlyWhereTrialsRun() {
    noClasses()
        .that()
        .resideOutsideOfPackage(own("run"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SPARK)
        .check(MAIN);
  }

  @Test
  void nobodyDependsOnTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage(own("cli"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(own("cli"))
        .check(MAIN);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
  }

  private static String own(String name) {
    return ROOT + "." + name + "..";
  }

  private static ArchRule seesOnly(String name, String... packages) {
    String[] allowed = Arrays.copyOf(packages, packages.length + 1);
    allowed[packages.length] = own(name);
    return classes()
        .that()
        .resideInAPackage(own(name))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }

  private static ArchRule seesNothingOf(String name, String... packages) {
    return noClasses()
        .that()
        .resideInAPackage(own(name))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages);
  }
}
