package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.TrialId;
import io.backdoorgrid.grid.VictimId;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  private static final String GRID =
      """
      victims:
        dataset: cifar10
        model: resnet18
        attack: {badnets: {size: 3, target: 0}}
        poison-rate: 0.1
        train: {epochs: 100, learning-rate: 0.1}
      defenses: {ft: {epochs: 10}}
      clean-ratio: 0.01
      """;

  @TempDir Path folder;
  private Grids grids;

  @BeforeEach
  void open() {
    grids = new Grids(folder);
  }

  @Test
  void isTheDigestOfTheCanonicalJson() {
    Trial trial = trial(GRID);
    assertThat(trial.victim().id())
        .hasToString(
            digest(
                "{\"attack\":{\"name\":\"badnets\",\"parameters\":{\"size\":3,\"target\":0},"
                    + "\"version\":1},\"dataset\":{\"name\":\"cifar10\",\"parameters\":{},"
                    + "\"version\":1},\"held-out\":0.05,\"images\":0,\"model\":{\"name\":"
                    + "\"resnet18\",\"parameters\":{\"width\":64},\"version\":1},"
                    + "\"poison-rate\":0.1,\"precision\":\"auto\",\"seed\":0,\"train\":{\"name\":"
                    + "\"sgd\",\"parameters\":{\"epochs\":100,\"flip\":true,\"learning-rate\":0.1,"
                    + "\"milestones\":[60,80],\"schedule\":\"cosine\"},\"version\":1}}"));
    assertThat(trial.id())
        .hasToString(
            digest(
                "{\"clean-ratio\":0.01,\"defense\":{\"name\":\"ft\",\"parameters\":{\"epochs\":10},"
                    + "\"version\":1},\"victim\":\""
                    + trial.victim().id()
                    + "\"}"));
  }

  @Test
  void holdsTheExtractorWhereTheDefenseUsesIt() throws Exception {
    Trial trial = grids.set(GRID, "defenses=hp").trials().get(0);
    assertThat(trial.id())
        .hasToString(
            digest(
                "{\"clean-ratio\":0,\"defense\":{\"name\":\"hp\",\"parameters\":{\"keep\":0.5},"
                    + "\"version\":1},\"extractor\":{\"name\":\"simclr\",\"parameters\":"
                    + "{\"epochs\":100,\"temperature\":0.5},\"version\":1},\"victim\":\""
                    + trial.victim().id()
                    + "\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"extractor=supervised", "simclr.epochs=99", "extractor.temperature=0.1"})
  void changesWithTheExtractorThatTheDefenseUses(String change) {
    Trial one = grids.set(GRID, "defenses=hp").trials().get(0);
    Trial other = grids.set(GRID, "defenses=hp", change).trials().get(0);
    assertThat(other.victim().id()).isEqualTo(one.victim().id());
    assertThat(other.id()).isNotEqualTo(one.id());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{victims: {model: {resnet18: {width: 64}}, dataset: [cifar10], attack: badnets},"
            + " defenses: ft}",
        "{defenses: [{ft: {}}], clean-ratio: 1e-2, name: other, victims: {poison-rate: 1.0e-1,"
            + " attack: {badnets: {target: 0, size: 3}}, dataset: cifar10, model: resnet18}}",
        "{table: {rows: seed}, defenses: ft, victims: {seed: 0, images: 0, held-out: 5e-2,"
            + " precision: auto, train: {sgd: {learning-rate: .10, milestones: [60, 80]}},"
            + " attack: badnets, dataset: cifar10, model: resnet18}}",
      })
  void isTheSameForEverySpellingOfTheSameCell(String spelling) {
    assertThat(trial(spelling)).isEqualTo(trial(GRID));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {blended: {preset: first}}            | blended
          {blended: {preset: faint}}            | {blended: {alpha: 0.05}}
          {blended: {preset: faint, alpha: 0.2}} | {blended: {preset: first}}
          """)
  void holdsThePresetsValuesAndNotItsName(String one, String other) {
    assertThat(grids.set(GRID, "attack=" + one).trials())
        .isEqualTo(grids.set(GRID, "attack=" + other).trials());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dataset=gtsrb",
        "model=vgg16",
        "model.width=32",
        "attack=blended",
        "attack.size=4",
        "badnets.target=1",
        "poison-rate=0.2",
        "train=adam",
        "train.epochs=99",
        "train.learning-rate=0.11",
        "train.milestones=[80, 60]",
        "train.schedule=step",
        "train.flip=false",
        "seed=1",
        "held-out=0.06",
        "images=1000",
        "precision=float32",
      })
  void changesWithEverySettingOfTheVictim(String change) {
    Trial other = grids.set(GRID, change).trials().get(0);
    assertThat(other.victim().id()).isNotEqualTo(trial(GRID).victim().id());
    assertThat(other.id()).isNotEqualTo(trial(GRID).id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"defenses=clp", "ft.epochs=11", "clean-ratio=0.02"})
  void changesWithEverySettingOfTheDefense(String change) {
    Trial other = grids.set(GRID, change).trials().get(0);
    assertThat(other.victim().id()).isEqualTo(trial(GRID).victim().id());
    assertThat(other.id()).isNotEqualTo(trial(GRID).id());
  }

  @Test
  void changesWithTheVersionOfAnAlgorithm() {
    Path file = grids.write("grid.yaml", GRID);
    Trial other = GridReader.read(file, new FakeCatalog(2), Overrides.NONE).trials().get(0);
    assertThat(other.victim().id()).isNotEqualTo(trial(GRID).victim().id());
    assertThat(other.id()).isNotEqualTo(trial(GRID).id());
  }

  @Test
  void ignoresSettingsThatNothingUses() {
    Plan one = grids.set(GRID, "attack=none", "defenses=clp");
    Plan other =
        grids.set(
            GRID,
            "attack=none",
            "defenses=clp",
            "poison-rate=1",
            "clean-ratio=0.5",
            "extractor=supervised");
    assertThat(other.trials()).isEqualTo(one.trials());
    assertThat(one.trials().get(0).victim().poisonRate()).isZero();
    assertThat(one.trials().get(0).cleanRatio()).isZero();
    assertThat(one.trials().get(0).extractor()).isEqualTo(Spec.NONE);
  }

  @Test
  void printsSixteenDigits() {
    assertThat(new TrialId(1)).hasToString("0000000000000001");
    assertThat(new VictimId(-1)).hasToString("ffffffffffffffff");
  }

  private Trial trial(String text) {
    Plan plan = grids.read(text);
    assertThat(plan.trials()).hasSize(1);
    return plan.trials().get(0);
  }

  private static String digest(String json) {
    return DigestUtils.sha256Hex(json).substring(0, 16);
  }
}
