package io.backdoorgrid.report.published;

import static io.backdoorgrid.report.table.HandmadeGrid.spec;
import static io.backdoorgrid.report.table.HandmadeGrid.victim;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.HandmadeCells;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.TrialId;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.read.GridReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedTest {
  private static final Path FOLDER = Path.of("results", "published");
  private static final String HEADER =
      "paper,table,dataset,model,attack,poison_rate,defense,parameter,metric,value,note\n";

  private static final OptionalLong ALL = OptionalLong.empty();

  /** Of a plan in which nothing has a rival. */
  private static final PaperSettings ANY =
      new PaperSettings(
          new Algorithms(),
          GridReader.read(Path.of("grids/quickstart.yaml"), new Algorithms(), Overrides.NONE));

  @TempDir Path folder;

  private Published table(String lines) throws IOException {
    Files.writeString(
        folder.resolve("mine.csv"), HEADER + lines.replaceAll("(?m)^", "p,t,cifar10,resnet18,"));
    return Published.load(folder, "mine", ANY);
  }

  private static Trial trial(Victim victim, Spec defense, double cleanRatio) {
    return HandmadeCells.trial(new TrialId(1), victim, defense, Spec.NONE, cleanRatio);
  }

  private static Trial badnets(double rate, Spec defense) {
    return trial(victim("badnets", rate, 0), defense, 0);
  }

  @Test
  void matchesThePoisonRateInPercent() throws IOException {
    var published = table("badnets,5,clp,,acc,93.10,\nbadnets,0.5,clp,,acc,92.0,");
    assertThat(published.find(badnets(0.05, spec("clp")), "acc")).contains("93.10");
    assertThat(published.find(badnets(0.005, spec("clp")), "acc")).contains("92.0");
    assertThat(published.find(badnets(0.1, spec("clp")), "acc")).isEmpty();
    assertThat(published.find(badnets(0.05, spec("clp")), "asr")).isEmpty();
    assertThat(published.find(badnets(0.05, spec("ft")), "acc")).isEmpty();
    assertThat(published.find(trial(victim("wanet", 0.05, 0), spec("clp"), 0), "acc")).isEmpty();
  }

  @Test
  void takesWhatIsNotStatedForAny() throws IOException {
    var published = table("badnets,,clp,,acc,93.1,\n,,clp,,seconds,12.5,\naverage,,clp,,ra,1,");
    assertThat(published.find(badnets(0.2, spec("clp")), "acc")).contains("93.1");
    assertThat(published.find(badnets(0.2, spec("clp")), "seconds")).contains("12.5");
    assertThat(published.find(badnets(0.2, spec("clp")), "ra")).isEmpty();
  }

  @Test
  void matchesParametersWithHyperparametersAndTheCleanRatio() throws IOException {
    var published =
        table(
            """
            badnets,5,wiper,alpha=0.001,acc,1,
            badnets,5,wiper,alpha=0.05,acc,2,
            badnets,5,wiper,purified_layers=fc,acc,3,
            badnets,5,ft,benign_data_rate=5%,acc,4,
            badnets,5,ft,benign_data_rate=1%,acc,5,
            badnets,5,none,benign_data_rate=5%,acc,6,
            badnets,5,none,benign_data_rate=1%,acc,6,
            badnets,5,clp,benign_data_rate=5%,acc,7,
            badnets,5,clp,benign_data_rate=1%,acc,8,\
            """
                .stripIndent());
    Victim victim = victim("badnets", 0.05, 0);
    assertThat(published.find(badnets(0.05, spec("wiper", "alpha", 0.05)), "acc")).contains("2");
    assertThat(published.find(badnets(0.05, spec("wiper", "purified-layers", "FC")), "acc"))
        .contains("3");
    assertThat(published.find(badnets(0.05, spec("wiper")), "acc")).isEmpty();
    assertThat(published.find(trial(victim, spec("ft"), 0.01), "acc")).contains("5");
    assertThat(published.find(trial(victim, spec("ft"), 0.1), "acc")).isEmpty();
    assertThat(published.find(badnets(0.05, spec("none")), "acc")).contains("6");
    // Two different numbers for one trial: neither is the one.
    assertThat(published.find(badnets(0.05, spec("clp")), "acc")).isEmpty();
  }

  @Test
  void matchesTheExtractorWhereTheDefenseUsesOne() throws IOException {
    var published =
        table(
            """
            badnets,5,hp,feature_extractor=simclr,acc,1,
            badnets,5,hp,feature_extractor=supervised,acc,2,
            badnets,5,hp,temperature=0.1,asr,3,
            badnets,5,none,feature_extractor=simclr,acc,4,
            badnets,5,none,feature_extractor=supervised,acc,4,\
            """
                .stripIndent());
    assertThat(published.find(hp(spec("simclr")), "acc")).contains("1");
    assertThat(published.find(hp(spec("supervised")), "acc")).contains("2");
    assertThat(published.find(hp(spec("clip")), "acc")).isEmpty();
    assertThat(published.find(hp(spec("simclr", "temperature", 0.1)), "asr")).contains("3");
    assertThat(published.find(hp(spec("simclr", "temperature", 0.5)), "asr")).isEmpty();
    assertThat(published.find(badnets(0.05, spec("none")), "acc")).contains("4");
  }

  private static Trial hp(Spec extractor) {
    return HandmadeCells.trial(
        new TrialId(1), victim("badnets", 0.05, 0), spec("hp"), extractor, 0);
  }

  @Test
  void prefersTheNumberThatSaysMost() throws IOException {
    var published =
        table("badnets,5,wiper,,acc,1,\nbadnets,5,wiper,alpha=0.1,acc,2,\nbadnets,,wiper,,acc,3,");
    assertThat(published.find(badnets(0.05, spec("wiper", "alpha", 0.1)), "acc")).contains("2");
    assertThat(published.find(badnets(0.05, spec("wiper", "alpha", 0.2)), "acc")).contains("1");
    assertThat(published.find(badnets(0.1, spec("wiper", "alpha", 0.2)), "acc")).contains("3");
  }

  @Test
  void namesTheNearestTableWhereThereIsNone() {
    assertThatThrownBy(() -> Published.load(FOLDER, "clp_tabel1", ANY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "unknown published table 'clp_tabel1'; did you mean 'clp_table1'? (known: ")
        .hasMessageEndingWith(" in " + FOLDER);
    assertThatThrownBy(() -> Published.load(FOLDER, "../published/clp_table1", ANY))
        .hasMessageStartingWith("unknown published table ");
    assertThatThrownBy(() -> Published.load(folder.resolve("absent"), "clp_table1", ANY))
        .hasMessage(folder.resolve("absent") + " is not a folder of published tables");
  }

  @Test
  void namesTheLineThatItDoesNotUnderstand() {
    assertThatThrownBy(() -> table("badnets,5,clp,,acc,93,\nbadnets,5,clp,,acc,9e,"))
        .hasMessage(folder.resolve("mine.csv") + ", line 3: value must be a number, got \"9e\"");
    assertThatThrownBy(() -> table("badnets,five,clp,,acc,93,"))
        .hasMessageEndingWith("line 2: poison_rate must be a number, got \"five\"");
    assertThatThrownBy(() -> table("badnets,5,clp,alpha,acc,93,"))
        .hasMessageEndingWith("line 2: parameter must be key=value, got alpha");
  }

  @Test
  void readsEveryTranscribedTable() throws IOException {
    try (var files = Files.list(FOLDER)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".csv"))
              .map(file -> file.substring(0, file.length() - ".csv".length()))
              .toList();
      assertThat(names)
          .hasSizeGreaterThan(20)
          .allSatisfy(name -> assertThat(Published.load(FOLDER, name, ANY).name()).isEqualTo(name));
    }
    assertThat(Published.load(FOLDER, "clp_table1", ANY).find(badnets(0.1, spec("none")), "acc"))
        .contains("93.86");
  }

  private static Map<Object, Optional<String>> found(
      String grid, String table, String metric, Overrides overrides, String hyperparameter) {
    Plan plan = GridReader.read(Path.of(grid), new Algorithms(), overrides);
    var published = Published.load(FOLDER, table, new PaperSettings(new Algorithms(), plan));
    var found = new LinkedHashMap<Object, Optional<String>>();
    for (Trial trial : plan.trials()) {
      if (trial.victim().attack().name().equals("badnets")) {
        found.merge(
            trial.defense().parameters().getOrDefault(hyperparameter, "none"),
            published.find(trial, metric),
            (one, other) -> one.or(() -> other));
      }
    }
    return found;
  }

  /** The head that nothing was pruned of is not what the paper's number is about. */
  @Test
  void standsBesideThePointOfASweepThatIsThePapers() {
    var simclr = new Overrides(Optional.empty(), List.of(), List.of("extractor=simclr"), ALL);
    assertThat(found("grids/hp/table3.yaml", "hp_table3", "asr", simclr, "neurons"))
        .isEqualTo(Map.of(0L, Optional.empty(), 512L, Optional.of("1.5")));
    assertThat(found("grids/clp/sweep.yaml", "clp_table1", "acc", Overrides.NONE, "u"))
        .hasSize(22)
        .containsEntry("none", Optional.of("93.86"))
        .containsEntry(2.5, Optional.empty())
        .containsEntry(3.0, Optional.of("93.46"));
  }

  /** A number that says its alpha is about that alpha, whatever the paper's usual one is. */
  @Test
  void standsBesideThePointThatItNames() {
    assertThat(
            found("grids/wiper/ablations.yaml", "wiper_table6", "asr", Overrides.NONE, "alpha")
                .entrySet())
        .filteredOn(entry -> entry.getValue().isPresent())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(0.001, 0.005, 0.01, 0.05, 0.1);
  }

  /** On a smaller network all numbers are the paper's of its own, as long as there is only one. */
  @Test
  void standsBesideWhatIsAloneInItsPlan() {
    var small = new Overrides(Optional.empty(), List.of("resnet18.width=16"), List.of(), ALL);
    assertThat(found("grids/clp/table1.yaml", "clp_table1", "acc", small, "u"))
        .containsEntry(3.0, Optional.of("93.46"));
    var two = new Overrides(Optional.empty(), List.of("resnet18.width=[16, 32]"), List.of(), ALL);
    assertThat(found("grids/clp/table1.yaml", "clp_table1", "acc", two, "u"))
        .containsEntry(3.0, Optional.empty());
  }
}
