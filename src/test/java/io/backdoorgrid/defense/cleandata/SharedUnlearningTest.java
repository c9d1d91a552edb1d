package io.backdoorgrid.defense.cleandata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.GivenImages;
import io.backdoorgrid.defense.TintedBackdoor;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class SharedUnlearningTest {

  private static final LabeledImages CLEAN = TintedBackdoor.clean(60, 1);

  private static SharedUnlearning sau(Map<String, Object> given) {
    var parameters = new HashMap<>(given);
    parameters.putIfAbsent("batch", 20);
    parameters.putIfAbsent("learning-rate", 0.01);
    parameters.putIfAbsent("rounds", 30);
    return (SharedUnlearning) Defenses.REGISTRY.create(new Spec("sau", 1, parameters));
  }

  /**
   * Of three images of class 0, both networks mislead the first to class 1; the second network
   * misleads the second image, none the third.
   */
  @Test
  void sharedChangesMisleadBothNetworksToOneClass() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray one = manager.create(new float[] {0, 9, 9, 0, 0, 0}, new Shape(3, 2));
      NDArray other = manager.create(new float[] {0, 9, 0, 9, 0, 0}, new Shape(3, 2));
      NDArray labels = manager.create(new long[] {0, 0, 0});
      assertThat(Ops.sharedCount(one, other, labels).getFloat()).isEqualTo(1);
      // The second image's answers have nothing in common: log 2, up to e^-9. The third's are
      // equal.
      assertThat(Ops.sharedLoss(one, other, labels, 0, 1).getFloat())
          .isCloseTo((float) (Math.log(2) / 3), within(1e-3f));
      // Not misled: the second and the third image, and the third: losses of 0, log 2 and log 2.
      assertThat(Ops.sharedLoss(one, other, labels, 1, 0).getFloat())
          .isCloseTo((float) (-2 * Math.log(2) / 2 / 3), within(1e-4f));
    }
  }

  /** The other network is wrong about the first of two images, to which this one gives a half. */
  @Test
  void avoidsTheOthersWrongAnswers() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray mine = manager.create(new float[] {0, 0, 5, 0}, new Shape(2, 2));
      NDArray other = manager.create(new float[] {0, 9, 9, 0}, new Shape(2, 2));
      NDArray labels = manager.create(new long[] {0, 0});
      assertThat(Ops.avoidance(mine, other, labels).getFloat())
          .isCloseTo((float) (Math.log(2) / 2), within(1e-5f));
    }
  }

  /**
   * Images of up to 0.53 per color and a change of 0.5 open the trigger's neuron, at 2.8 in all.
   */
  @Test
  void unlearnsTheBackdoor() {
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = victim.copy()) {
      sau(Map.of("eps", 0.5, "stride", 0.5)).repair(repaired, new GivenImages(CLEAN, "a1"));
      assertThat(TintedBackdoor.attackSuccess(victim)).isEqualTo(1);
      assertThat(TintedBackdoor.attackSuccess(repaired)).isLessThan(0.2);
      assertThat(TintedBackdoor.accuracy(repaired)).isGreaterThan(0.9);
      assertThat(Classifiers.values(repaired).get("norm.running_mean"))
          .isEqualTo(Classifiers.values(victim).get("norm.running_mean"));
    }
  }
}
