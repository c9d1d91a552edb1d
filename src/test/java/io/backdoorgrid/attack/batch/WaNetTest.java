package io.backdoorgrid.attack.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.torch.SafeTensors;
import org.junit.jupiter.api.Test;

class WaNetTest {

  @Test
  void leavesAUniformImageAsItIs() {
    byte[] grey = Triggered.grey(Triggered.trigger(new WaNet(), "a1"), 100);
    assertThat(grey).containsOnly(100);
  }

  @Test
  void bendsOtherImages() {
    var images = ToyImages.random(Triggered.CIFAR, 10, 1, 1);
    assertThat(Triggered.apply(Triggered.trigger(new WaNet(), "a1"), images))
        .isNotEqualTo(images.pixels());
  }

  /** A pixel that shows the place a quarter right of column 0 and half below row 0. */
  @Test
  void interpolatesBetweenFourPixels() {
    var warp = new Warp(new ImageShape(2, 2, 1), new float[] {0.25f, 0.5f, 1, 0, 0, 1, 1, 1});
    byte[] pixels = {0, 40, 80, 120};
    warp.apply(pixels, 0);
    // 0.5 * (0 + 0.25 * 40) + 0.5 * (80 + 0.25 * 40) = 50
    assertThat(pixels).containsExactly(50, 40, 80, 120);
  }

  /** Jitter moves the places of the same field: close to the trigger, but not the trigger. */
  @Test
  void crossesByWarpsInNoiseMode() {
    var images = ToyImages.random(Triggered.CIFAR, 10, 4, 1);
    Trigger trigger = Triggered.trigger(new WaNet(), "a1");
    LabeledImages cross = cross(images, trigger, "a1");
    assertThat(cross.labels()).isEqualTo(images.labels());
    assertThat(cross.pixels())
        .isNotEqualTo(images.pixels())
        .isNotEqualTo(Triggered.apply(trigger, images))
        .isEqualTo(cross(images, trigger, "a1").pixels())
        .isNotEqualTo(cross(images, trigger, "a2").pixels());
  }

  private static LabeledImages cross(LabeledImages images, Trigger trigger, String seed) {
    return new WaNet()
        .crossTriggered(images, trigger, new Seed(seed).stream("cross"))
        .orElseThrow();
  }

  @Test
  void comesBackFromTheStoreAsItWas() {
    var warp = (Warp) Triggered.trigger(new WaNet(), "a1");
    var read = Warp.of(Triggered.CIFAR, SafeTensors.parse(warp.toTensors().toBytes()));
    assertThat(read.places()).isEqualTo(warp.places());
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> new WaNet(1, 0.5, 1, 2, LabelStrategy.ALL_TO_ONE, 0))
        .hasMessage("grid must be at least 2, got 1");
    assertThatThrownBy(() -> new WaNet(4, 0, 1, 2, LabelStrategy.ALL_TO_ONE, 0))
        .hasMessage("strength must be positive, got 0.0");
    assertThatThrownBy(() -> new WaNet(4, 0.5, 1, 2, LabelStrategy.CLEAN_LABEL, 0))
        .hasMessage("labels must be all-to-one or all-to-all for wanet");
    assertThatThrownBy(() -> new Warp(new ImageShape(2, 2, 1), new float[4]))
        .hasMessage("a warp of images of 2x2x1 must have two numbers per pixel, got 4");
  }
}
