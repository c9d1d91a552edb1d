package io.backdoorgrid;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import org.junit.jupiter.api.Test;

/** What the code never does, whatever a file holds: the promises of SECURITY.md about all of it. */
class SecurityTest {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.backdoorgrid");

  private static final ArchRule NO_DESERIALISATION =
      noClasses().should().dependOnClassesThat().areAssignableTo(ObjectInputStream.class);

  @Test
  void noFileIsDeserialisedByJava() {
    NO_DESERIALISATION.check(MAIN);
  }

  /** A rule that nothing can break would promise nothing. */
  @Test
  void theRuleNoticesDeserialisation() {
    JavaClasses offender = new ClassFileImporter().importClasses(Deserialises.class);
    assertThatThrownBy(() -> NO_DESERIALISATION.check(offender))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Deserialises");
    assertThat(offender).hasSize(1);
  }

  static final class Deserialises {
    Object read(ObjectInputStream in) throws ReflectiveOperationException, java.io.IOException {
      return in.readObject();
    }
  }

  /**
   * Entries of an archive may name any place of a disk; data sets are unpacked by their owner. The
   * zip files of {@code torch.save} are read into memory, and their reader writes no file.
   */
  @Test
  void noArchiveIsUnpacked() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.backdoorgrid.model.io.TorchZip")
        .should()
        .dependOnClassesThat(
            describe(
                "read archives",
                type ->
                    type.getName()
                            .matches("java\\.util\\.(zip|jar)\\.(.*Input.*|(Zip|Jar)File|Inflater)")
                        || type.getPackageName().startsWith("org.apache.commons.compress")))
        .check(MAIN);
    noClasses()
        .that()
        .resideInAPackage("io.backdoorgrid.model.io")
        .should()
        .dependOnClassesThat(
            describe(
                "write files",
                type ->
                    type.getName()
                        .matches("java\\.io\\.File(Output.*|Writer)|java\\.nio\\.channels\\..*")))
        .orShould()
        .callMethodWhere(
            describe(
                "that writes files",
                call ->
                    call.getTargetOwner().isEquivalentTo(java.nio.file.Files.class)
                        && call.getName()
                            .matches("write.*|new(Output|Buffered).*er|copy|move|create.*")))
        .check(MAIN);
  }

  @Test
  void yamlBecomesNoObjects() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.yaml.snakeyaml..", "org.snakeyaml..")
        .check(MAIN);
  }

  @Test
  void jsonNamesNoClasses() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "a mapper is told to take class names from JSON",
                call -> call.getName().matches("enableDefaultTyping.*|activateDefaultTyping.*")))
        .check(MAIN);
  }

  /** But the one that a person gives on the command line, which no file can set. */
  @Test
  void noProcessIsStarted() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.backdoorgrid.cli.OnFinish")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .orShould()
        .callMethodWhere(
            describe(
                "a process is started",
                call ->
                    call.getTargetOwner().isEquivalentTo(Runtime.class)
                        && call.getName().equals("exec")))
        .check(MAIN);
  }
}
