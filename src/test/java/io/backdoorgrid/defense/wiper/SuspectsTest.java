package io.backdoorgrid.defense.wiper;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.defense.holder.Observed;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.TorchThread;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class SuspectsTest {

  /** Beta from 0.5 down in ten epochs, of the 512 features of ResNet-18; none in a closing one. */
  @Test
  void becomeFewerAsInThePaper() {
    int[] counts =
        IntStream.rangeClosed(0, 11)
            .map(epoch -> count(Suspects.lowest(new double[512], new Wiper().share(epoch))))
            .toArray();
    assertThat(counts).containsExactly(256, 230, 204, 179, 153, 128, 102, 76, 51, 25, 0, 0);
  }

  @Test
  void areTheLowestAndTheFirstOfEquals() {
    double[] values = {1, -3, 0, 0, 2, 0};
    assertThat(Suspects.lowest(values, 0.5)).containsExactly(false, true, true, true, false, false);
    assertThat(Suspects.lowest(values, 0)).containsOnly(false);
    assertThat(Suspects.lowest(values, 1)).containsOnly(true);
  }

  /** 29 % of 100 is 28.999999999999996 in binary. */
  @Test
  void countAsAPersonWould() {
    assertThat(count(Suspects.lowest(new double[100], 0.29))).isEqualTo(29);
  }

  /**
   * Importances 1 and 2. A measurement of (5, 0) makes them 0.75 * 1 + 0.25 * 5 = 2 and 1.5: the
   * other neuron is the suspect then.
   */
  @Test
  void followTheMovingAverage() {
    try (Classifier classifier = Observed.head(2, 1, 0, 0, 1);
        NDManager scope = classifier.manager().newSubManager()) {
      var suspects = new Suspects(Observed.inputs(classifier), new double[] {1, 2});
      assertThat(suspects.any()).isFalse();
      suspects.mark(0.5);
      assertThat(suspects.any()).isTrue();
      assertThat(suspects.mask(scope, classifier.head().weight()).toFloatArray())
          .containsExactly(1, 0);
      suspects.renew(new double[] {5, 0}, 0.75);
      suspects.mark(0.5);
      assertThat(suspects.mask(scope, classifier.head().weight()).toFloatArray())
          .containsExactly(0, 1);
    }
  }

  private static int count(boolean[] marked) {
    return (int) IntStream.range(0, marked.length).filter(j -> marked[j]).count();
  }
}
