package io.backdoorgrid.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.backdoorgrid.cli.CommandLineFixture.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever runs a grid, wherever, sees the same digits and keeps the same rows. */
class LocaleTest {

  private static final String ARABIC_DIGITS = "ar-EG-u-nu-arab";

  @TempDir Path folder;
  private final Locale before = Locale.getDefault();

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  /** Runs a command as a person of this locale does. */
  private static Ended run(String locale, String... arguments) {
    Locale.setDefault(Locale.forLanguageTag(locale));
    return CommandLineFixture.run(arguments);
  }

  /** Their digits, their commas, their dotless i. */
  @ParameterizedTest
  @ValueSource(strings = {ARABIC_DIGITS, "de-DE", "tr-TR", "th-TH-u-nu-thai"})
  void plansAndMessagesAreTheSame(String locale) throws IOException {
    Path grid =
        CommandLineFixture.grid(
            folder,
            CommandLineFixture.TINY_GRID.replace(
                "{clp: {u: 2}}", "{clp: {u: {from: 1, to: 1000, step: 0.5}}}"));
    String[] plan = {"plan", grid.toString(), "--out", folder.resolve("out").toString()};
    Ended english = run("en", plan);
    assertThat(english.out()).contains("4,002 trials on 2 victims").contains("clp u=999.5");
    assertThat(run(locale, plan)).isEqualTo(english);

    String[] mistake = {"plan", grid.toString(), "--set", "clean-ratio=1.5"};
    assertThat(run("en", mistake).err()).contains("1.5");
    assertThat(run(locale, mistake)).isEqualTo(run("en", mistake));
  }

  @Test
  @Tag("slow")
  void rowsAndTablesAreTheSame() throws IOException {
    Ended english = tableOfARun("en");
    assertThat(english.out()).contains("badnets").doesNotContain("missing");
    assertThat(tableOfARun(ARABIC_DIGITS)).isEqualTo(english);
    assertThat(rows(ARABIC_DIGITS).keySet()).hasSize(6).isEqualTo(rows("en").keySet());
    assertThat(rows(ARABIC_DIGITS).values()).allMatch(row -> row.matches("\\p{ASCII}+"));
  }

  private Ended tableOfARun(String locale) throws IOException {
    String grid = CommandLineFixture.grid(folder, CommandLineFixture.TINY_GRID).toString();
    String out = folder.resolve(locale).toString();
    assertThat(run(locale, "run", grid, "--out", out).out()).contains("6 of 6 trials done");
    return run(locale, "table", grid, "--out", out, "--format", "csv");
  }

  /** The rows of a store without line ends, by name of file and of columns. */
  private Map<String, String> rows(String store) throws IOException {
    var rows = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(folder.resolve(store).resolve("rows"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        List<String> lines = Files.readAllLines(file);
        rows.put(file.getFileName() + " " + lines.get(0), lines.get(1));
      }
    }
    return rows;
  }

  @Test
  void changesOfLettersAndFormatsNameTheirLocale() {
    noClasses()
        .should()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(String.class, "format", String.class, Object[].class)
        .check(
            new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests())
                .importPackages("io.backdoorgrid"));
  }
}
