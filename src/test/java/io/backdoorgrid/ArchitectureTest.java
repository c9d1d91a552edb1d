package io.backdoorgrid;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/** Which package may look at which: the arrows of ARCHITECTURE.md. */
@AnalyzeClasses(packages = ArchitectureTest.ROOT, importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  static final String ROOT = "io.backdoorgrid";

  private static final String JDK = "java..";
  private static final String JACKSON = "com.fasterxml.jackson..";
  private static final String DJL = "ai.djl..";
  private static final String SPARK = "org.apache.spark..";
  private static final String HADOOP = "org.apache.hadoop..";

  @ArchTest
  static final ArchRule gridKnowsNoAlgorithmAndNoFramework = seesOnly("grid", JDK, JACKSON);

  @ArchTest
  static final ArchRule algorithmDescribesRecordsToTheGrid =
      seesOnly("algorithm", JDK, own("grid"));

  @ArchTest
  static final ArchRule torchIsAThinLayerOverDjl =
      seesOnly("torch", JDK, JACKSON, DJL, own("algorithm"));

  @ArchTest static final ArchRule dataIsPlainMemory = seesNothingOf("data", DJL, SPARK, HADOOP);

  @ArchTest
  static final ArchRule modelsDoNotKnowWhoTrainsThem =
      seesNothingOf("model", own("train"), own("attack"), own("defense"), own("run"), own("store"));

  @ArchTest
  static final ArchRule trainingDoesNotKnowWhatItIsFor =
      seesNothingOf("train", own("attack"), own("defense"), own("run"), own("store"), own("grid"));

  /** A defense never sees a trigger or the truth about poisoned images. */
  @ArchTest
  static final ArchRule defensesDoNotKnowTheAttack =
      seesNothingOf("defense", own("attack"), own("run"), own("store"), own("report"), SPARK);

  @ArchTest
  static final ArchRule attacksDoNotKnowTheDefense =
      seesNothingOf("attack", own("defense"), own("run"), own("store"), own("report"), SPARK);

  @ArchTest
  static final ArchRule storeKeepsBytesAndRows =
      seesNothingOf("store", own("grid"), own("run"), SPARK, DJL);

  @ArchTest
  static final ArchRule reportsNeedNoCluster = seesNothingOf("report", own("run"), SPARK, DJL);

  @ArchTest
  static final ArchRule sparkIsSeenOnlyWhereTrialsRun =
      noClasses()
          .that()
          .resideOutsideOfPackage(own("run"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(SPARK);

  @ArchTest
  static final ArchRule nobodyDependsOnTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(own("cli"))
          .should()
          .dependOnClassesThat()
          .resideInAPackage(own("cli"));

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

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
