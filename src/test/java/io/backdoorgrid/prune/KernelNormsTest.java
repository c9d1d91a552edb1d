package io.backdoorgrid.prune;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.torch.TorchThread;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class KernelNormsTest {

  /** A channel of two 1x2-ish inputs: rows (3, 0, 0, 0) and (0, 4, 0, 0), one 2x2 kernel each. */
  private static final float[] KERNEL = {3, 0, 0, 0, 0, 4, 0, 0};

  @Test
  void spectralIsTheLargestSingularValueAndEuclideanTheRootOfTheSum() {
    try (Classifier victim = OneLayer.ofKernels(2, 2, KERNEL).build()) {
      ConvUnit unit = victim.units().get(0);
      var norms = new KernelNorms(List.of(unit));
      assertThat(norms.spectral(unit)).containsExactly(4);
      assertThat(norms.euclidean(unit)).containsExactly(5);
      assertThat(norms.reusedSeconds()).isZero();
    }
  }

  @Test
  void keepsWhatItComputedFirst() {
    try (Classifier victim = OneLayer.ofKernels(2, 2, KERNEL).build()) {
      ConvUnit unit = victim.units().get(0);
      var norms = new KernelNorms(List.of(unit));
      norms.spectral(unit)[0] = 17;
      unit.conv().weight().muli(10);
      assertThat(norms.spectral(unit)).containsExactly(4);
      double once = norms.reusedSeconds();
      assertThat(once).isPositive();
      norms.euclidean(unit);
      assertThat(norms.reusedSeconds()).as("asked for the first time").isEqualTo(once);
      norms.euclidean(unit);
      assertThat(norms.reusedSeconds()).isGreaterThan(once);
      assertThat(new KernelNorms(List.of(unit)).spectral(unit)).containsExactly(40);
    }
  }
}
