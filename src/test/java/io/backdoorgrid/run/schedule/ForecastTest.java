package io.backdoorgrid.run.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.run.Grids;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.schedule.BenchedSpeeds.Speed;
import io.backdoorgrid.run.schedule.Forecast.Basis;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.torch.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four victims of two attacks, one of them finished after 100 s of one core. */
class ForecastTest {

  private static final Slots ONE = new Slots(1, 1, "1 core");

  @TempDir Path folder;

  private BenchedSpeeds benched = BenchedSpeeds.NONE;

  private Forecast forecast(String attacks, boolean finished, Slots slots) {
    Plan plan =
        Grids.plan(
            folder,
            "{victims: {dataset: cifar10, model: resnet18, attack: %s, seed: [0, 1, 2, 3]}, defenses: none}"
                .formatted(attacks));
    Store store = Store.open(folder.resolve("out" + finished).toString(), new Configuration());
    if (finished) {
      store.commitRow(Grids.row(plan.trials().get(0), 100, 0));
    }
    return Forecast.of(PlanStatus.of(plan, store), slots, benched);
  }

  /** Three more trainings of about 100 s, and their evaluations. */
  @Test
  void goesByFinishedWorkOfTheSameKind() {
    Forecast forecast = forecast("badnets", true, ONE);
    assertThat(forecast.basis()).isEqualTo(Basis.SAME_KIND);
    assertThat(forecast.coreSeconds()).isCloseTo(301, within(2.0));
    assertThat(forecast.leastSeconds()).isCloseTo(0.8 * forecast.coreSeconds(), within(1e-6));
    assertThat(forecast.mostSeconds()).isCloseTo(1.3 * forecast.coreSeconds(), within(1e-6));
  }

  @Test
  void isLessSureOfOtherKindsAndUnsureOfAll() {
    assertThat(forecast("[badnets, wanet]", true, ONE).basis()).isEqualTo(Basis.OTHER_KINDS);
    assertThat(forecast("badnets", false, ONE).basis()).isEqualTo(Basis.RULE_OF_THUMB);
  }

  /** Three victims keep three of eight tasks busy. */
  @Test
  void knowsWhatRunsSideBySide() {
    double one = forecast("badnets", true, ONE).leastSeconds();
    assertThat(forecast("badnets", true, new Slots(8, 1, "8 cores")).leastSeconds())
        .isCloseTo(one / 3, within(1e-6));
    assertThat(forecast("badnets", true, new Slots(1, 2, "2 cores")).leastSeconds())
        .isCloseTo(one / 2, within(1e-6));
  }

  /** Eleven million float32 weights each. */
  @Test
  void knowsTheSizeOfVictims() {
    assertThat(forecast("badnets", true, ONE).bytes())
        .isCloseTo(3 * (4 * 11_159_232 + 8_000), within(1.0));
  }

  /** The network's own size is nearer to the second speed, which is twice the rule of thumb's. */
  @Test
  void goesByTheBenchmarkOfTheMachineUntilATrialIsFinished() throws IOException {
    double thumb = forecast("badnets", false, ONE).coreSeconds();
    String precision = Precision.of("auto", Device.cpu()).toString();
    new BenchedSpeeds(
            List.of(
                new Speed(0.01, precision, 1),
                new Speed(0.5, precision, 100),
                new Speed(0.56, "other", 1)))
        .write(folder.resolve("cache"), "2 x Kettle");
    assertThat(BenchedSpeeds.read(folder.resolve("cache"), "2 x Toaster"))
        .isEqualTo(BenchedSpeeds.NONE);
    benched = BenchedSpeeds.read(folder.resolve("cache"), "2 x Kettle");
    Forecast forecast = forecast("badnets", false, ONE);
    assertThat(forecast.basis()).isEqualTo(Basis.BENCHMARK);
    assertThat(forecast.coreSeconds()).isCloseTo(thumb / 2, within(1e-6 * thumb));
    assertThat(forecast("badnets", true, ONE).basis()).isEqualTo(Basis.SAME_KIND);
  }
}
