package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import java.util.random.RandomGenerator;

/** A poisoning attack whose trigger needs no network and no image, only their shape. */
public interface ModelFreeAttack extends PoisoningAttack {

  /**
   * The trigger for images of that shape; all that is random about it comes from {@code random}.
   *
   * @throws IllegalArgumentException if it does not fit on them
   */
  Trigger trigger(ImageShape shape, RandomGenerator random);

  @Override
  default Trigger trigger(Knowledge knowledge, RandomGenerator random) {
    return trigger(knowledge.images().shape(), random);
  }

  @Override
  default void check(ImageShape shape, int classes) {
    PoisoningAttack.super.check(shape, classes);
    trigger(shape, new Seed("check").stream("trigger"));
  }

  @Override
  default boolean needsNoTraining() {
    return true;
  }
}
