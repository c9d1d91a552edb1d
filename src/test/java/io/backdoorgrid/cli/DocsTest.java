package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.read.GridReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The pages lead where they say, and name what there is. */
class DocsTest {

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern COMMAND = Pattern.compile("jobs/backdoor-grid ([a-z]+)([^\\n`]*)");
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
  private static final Pattern GRID = Pattern.compile("(?s)```yaml\\n(.*?)```");

  /** Those of the launcher, which hands them to spark-submit, and of spark-submit itself. */
  private static final Set<String> OF_SPARK =
      Set.of("--properties-file", "--master", "--deploy-mode", "--conf", "--class", "--jars");

  @TempDir Path folder;

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      var pages = new ArrayList<>(docs.sorted().toList());
      for (String page :
          List.of("README", "ARCHITECTURE", "CONTRIBUTING", "CHANGELOG", "SECURITY")) {
        pages.add(Path.of(page + ".md"));
      }
      return pages;
    }
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<MatchResult> all(Pattern pattern, Path page) {
    return pattern.matcher(read(page)).results();
  }

  @Test
  void theReadmeIsShortEnoughToBeRead() throws IOException {
    assertThat(Files.size(Path.of("README.md"))).isLessThan(10_000);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) {
    all(LINK, page)
        .map(link -> link.group(1))
        .filter(link -> !link.startsWith("https:"))
        .forEach(
            link -> {
              String[] parts = link.split("#", 2);
              Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
              assertThat(target).as("%s: %s", page, link).exists();
              if (parts.length == 2) {
                assertThat(anchors(target)).as("%s: %s", page, link).contains(parts[1]);
              }
            });
  }

  /** As a heading becomes an anchor: lower case, no punctuation, hyphens for spaces. */
  private static Set<String> anchors(Path page) {
    return all(HEADING, page)
        .map(
            heading ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 -]", "")
                    .replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandsAndTheirOptionsExist(Path page) {
    var subcommands = new CommandLine(new Main()).getSubcommands();
    all(COMMAND, page)
        .forEach(
            written -> {
              CommandLine command = subcommands.get(written.group(1));
              assertThat(command).as("%s: %s", page, written.group()).isNotNull();
              OPTION
                  .matcher(written.group(2).replaceFirst("#.*", ""))
                  .results()
                  .map(MatchResult::group)
                  .filter(option -> !OF_SPARK.contains(option))
                  .forEach(
                      option ->
                          assertThat(command.getCommandSpec().optionsMap())
                              .as("%s: %s", page, written.group())
                              .containsKey(option));
            });
  }

  @ParameterizedTest
  @MethodSource("pages")
  void optionsExistInSomeCommand(Path page) {
    var known = new TreeSet<>(OF_SPARK);
    new CommandLine(new Main())
        .getSubcommands()
        .values()
        .forEach(command -> known.addAll(command.getCommandSpec().optionsMap().keySet()));
    Pattern code = Pattern.compile("`(--[^`]+)`");
    all(code, page)
        .flatMap(quoted -> OPTION.matcher(quoted.group(1)).results())
        .forEach(option -> assertThat(known).as(page.toString()).contains(option.group()));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void gridsCanBePlanned(Path page) throws IOException {
    for (MatchResult block : all(GRID, page).toList()) {
      // The README's example has a defense that a reader is still to write.
      String grid = block.group(1).replace(", my-defense: {strength: [0.1, 0.3]}", "");
      Path file = Files.writeString(folder.resolve("grid.yaml"), grid);
      assertThatCode(() -> GridReader.read(file, new Algorithms(), Overrides.NONE))
          .as("%s:%n%s", page, grid)
          .doesNotThrowAnyException();
    }
  }

  /** What is added is described: one line in a table of docs/algorithms.md. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "TRAIN")
  void everyAlgorithmIsDescribed(Kind kind) {
    Catalog catalog = new Algorithms();
    String page = read(Path.of("docs", "algorithms.md"));
    for (String name : catalog.names(kind)) {
      if (name.startsWith("toy-")) {
        continue; // registered by other tests
      }
      assertThat(page).as("docs/algorithms.md has no line on %s", name).contains("`" + name + "`");
    }
    catalog
        .metrics()
        .forEach(metric -> assertThat(page).as(metric.name()).contains("`" + metric.name() + "`"));
  }
}
