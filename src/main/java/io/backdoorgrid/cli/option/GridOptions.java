package io.backdoorgrid.cli.option;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.read.GridReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which grid, with which changes, and where its results are: what all commands have in common. */
public final class GridOptions {

  private static final String PROFILES = "grids/profiles";

  @Parameters(paramLabel = "GRID", description = "the grid file, such as grids/quickstart.yaml")
  private Path file;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "smaller settings laid over the grid: a name from grids/profiles, or a file")
  private String profile;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "replaces a setting, such as train.epochs=5, clp.u=[2,3] or seed=[0,1,2]")
  private List<String> set = List.of();

  @Option(
      names = "--only",
      paramLabel = "AXIS=VALUE",
      description = "keeps the cells with that value, such as attack=badnets,blended")
  private List<String> only = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "keeps the first N cells")
  private Long limit;

  @Option(
      names = "--out",
      paramLabel = "URI",
      description = "where the results are; default: results/ and the grid's name")
  private String out;

  public Plan plan() {
    var overrides =
        new Overrides(
            Optional.ofNullable(profile).map(GridOptions::profileFile),
            set,
            only,
            limit == null ? OptionalLong.empty() : OptionalLong.of(limit));
    return GridReader.read(file, new Algorithms(), overrides);
  }

  public String out(Plan plan) {
    return out != null ? out : "results/" + plan.name();
  }

  private static Path profileFile(String name) {
    Path file = Path.of(name);
    return Files.exists(file) || name.contains(".") || name.contains("/")
        ? file
        : Home.directory().resolve(PROFILES).resolve(name + ".yaml");
  }
}
