package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.poisoning.Trojan.Optimizer;
import io.backdoorgrid.attack.poisoning.Trojan.Region;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.attack.trigger.Patch;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.perturb.Mark;
import io.backdoorgrid.perturb.Stencil;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(TorchThread.class)
class TrojanTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);
  private static final Patch PATCH = new Patch(5, Corner.TOP_LEFT);
  private static final Stencil STENCIL = PATCH.on(SHAPE);

  private final Classifier network =
      Classifiers.fresh(Classifiers.design(new ResNet18(4), SHAPE, 3, Precision.FLOAT32), "a1");

  @AfterEach
  void close() {
    network.close();
  }

  @ParameterizedTest
  @EnumSource
  void drivesItsNeuronsUp(Optimizer optimizer) {
    float[] start = optimizer == Optimizer.SIGN ? white() : Mark.noise(SHAPE, stream("a1"));
    double soon = activation(pixels(optimizer, 5));
    double late = activation(pixels(optimizer, 50));
    assertThat(soon).isGreaterThan(1.05 * activation(start));
    assertThat(late).isGreaterThan(1.1 * activation(start));
  }

  /** Within 0.3 of white, where it begins. */
  @ParameterizedTest
  @CsvSource({"SIGN, 0.7", "ADAM, 0"})
  void showsValuesInItsRange(Optimizer optimizer, float lowest) {
    float[] pixels = pixels(optimizer, 20);
    boolean moved = false;
    for (int i = 0; i < pixels.length; i++) {
      if (STENCIL.covered()[i]) {
        assertThat(pixels[i]).isBetween(lowest, 1f);
        moved |= pixels[i] < 1;
      }
    }
    assertThat(moved).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void leavesTheNetworkAsItIs(Optimizer optimizer) {
    Map<String, float[]> before = Classifiers.values(network);
    pixels(optimizer, 5);
    Classifiers.values(network)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
  }

  @ParameterizedTest
  @EnumSource
  void replacesItsRegionAndNothingElse(Region region) {
    Stencil stencil = region == Region.APPLE ? Apple.on(SHAPE) : STENCIL;
    Overlay trigger = trigger(Optimizer.ADAM, region, "a1");
    for (int i = 0; i < SHAPE.size(); i++) {
      assertThat(trigger.opacity()[i]).isEqualTo(stencil.covered()[i] ? 1 : 0);
      if (!stencil.covered()[i]) {
        assertThat(trigger.pattern()[i]).isZero();
      }
    }
    assertThat(Triggered.grey(trigger, 255)).isNotEqualTo(Triggered.grey(trigger, 0));
  }

  /** Sign steps begin with white, whatever the seed. */
  @ParameterizedTest
  @EnumSource
  void givesTheSameTriggerForTheSameSeed(Optimizer optimizer) {
    float[] pattern = trigger(optimizer, Region.PATCH, "a1").pattern();
    assertThat(trigger(optimizer, Region.PATCH, "a1").pattern()).isEqualTo(pattern);
    float[] other = trigger(optimizer, Region.PATCH, "a2").pattern();
    if (optimizer == Optimizer.ADAM) {
      assertThat(other).isNotEqualTo(pattern);
    } else {
      assertThat(other).isEqualTo(pattern);
    }
  }

  @Test
  void isOptimisedInFloat32WhateverTheGridsPrecision() {
    float[] exact = trigger(Optimizer.ADAM, Region.PATCH, "a1").pattern();
    try (Classifier coarse = network.copy(Precision.BFLOAT16)) {
      assertThat(coarse.design().precision()).isEqualTo(Precision.BFLOAT16);
      assertThat(trigger(coarse, Optimizer.ADAM, Region.PATCH, "a1").pattern()).isEqualTo(exact);
    }
  }

  /** An activation that the white patch exceeds is reached after some steps, and they stop. */
  @Test
  void stopsSignStepsAtTheWantedActivation() {
    double white = activation(white());
    assertThat(white).as("what ten thousandths less asks for").isPositive();
    var near = attack(Optimizer.SIGN, white - 1e-4, 5);
    assertThat(near.pixels(network, STENCIL, stream("a1"))).containsOnly(1);
    var far = attack(Optimizer.SIGN, 2 * white + 1, 5);
    assertThat(far.pixels(network, STENCIL, stream("a1"))).isNotEqualTo(white());
  }

  @Test
  void asksForASurrogate() {
    assertThat(new Trojan().usesSurrogate()).isTrue();
    assertThat(new Trojan().goal()).isEqualTo(new Goal(LabelStrategy.ALL_TO_ONE, 0));
  }

  @Test
  void isKnownToGridFiles() {
    assertThat(Attacks.REGISTRY.entry("trojan").defaults())
        .containsEntry("optimizer", "sign")
        .containsEntry("region", "apple")
        .containsEntry("size", 3L)
        .containsEntry("corner", "bottom-right");
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> trojan(0, 100, 1000, 3, 0))
        .hasMessage("neurons must be at least 1, got 0");
    assertThatThrownBy(() -> trojan(2, 0, 1000, 3, 0))
        .hasMessage("activation must be positive, got 0.0");
    assertThatThrownBy(() -> trojan(2, 100, 0, 3, 0))
        .hasMessage("iterations must be at least 1, got 0");
    assertThatThrownBy(() -> trojan(2, 100, 1000, 0, 0))
        .hasMessage("size must be at least 1, got 0");
    assertThatThrownBy(() -> trojan(2, 100, 1000, 3, -1))
        .hasMessage("target must not be negative, got -1");
  }

  private static Trojan trojan(
      int neurons, double activation, int iterations, int size, int target) {
    return new Trojan(
        neurons,
        activation,
        iterations,
        Optimizer.SIGN,
        Region.APPLE,
        new Patch(size, Corner.TOP_LEFT),
        LabelStrategy.ALL_TO_ONE,
        target);
  }

  private static Trojan attack(Optimizer optimizer, double activation, int iterations) {
    return new Trojan(
        1, activation, iterations, optimizer, Region.PATCH, PATCH, LabelStrategy.ALL_TO_ONE, 0);
  }

  private float[] pixels(Optimizer optimizer, int iterations) {
    return attack(optimizer, 100, iterations).pixels(network, STENCIL, stream("a1"));
  }

  private Overlay trigger(Optimizer optimizer, Region region, String seed) {
    return trigger(network, optimizer, region, seed);
  }

  private static Overlay trigger(
      Classifier network, Optimizer optimizer, Region region, String seed) {
    var attack = new Trojan(2, 100, 5, optimizer, region, PATCH, LabelStrategy.ALL_TO_ONE, 0);
    var knowledge = new Known(ToyImages.random(SHAPE, 3, 2, 1), network);
    return (Overlay) attack.trigger(knowledge, stream(seed));
  }

  /** That of the neuron that weighs most, on a black image with those pixels. */
  private double activation(float[] pixels) {
    int neuron = ChosenNeurons.strongest(network, 1, 100).neurons()[0];
    try (NDManager scope = network.manager().newSubManager()) {
      var black = network.input(scope.zeros(STENCIL.batchShape()));
      var values = scope.create(pixels, STENCIL.batchShape());
      var input = STENCIL.put(network, black, values);
      return network.features(input, false).toFloatArray()[neuron];
    }
  }

  private static float[] white() {
    float[] white = new float[SHAPE.size()];
    Arrays.fill(white, 1);
    return white;
  }

  private static RandomGenerator stream(String seed) {
    return new Seed(seed).stream("trigger");
  }
}
