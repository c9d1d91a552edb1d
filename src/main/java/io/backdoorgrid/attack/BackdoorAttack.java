package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;
import java.util.random.RandomGenerator;

/** An attack with a trigger: what it looks like, and which label it should cause. */
public sealed interface BackdoorAttack extends Attack permits PoisoningAttack, BatchAttack {

  /**
   * The trigger for images of that shape; all that is random about it comes from {@code random}.
   */
  Trigger trigger(ImageShape shape, RandomGenerator random);

  /** Which label the trigger should cause. */
  Goal goal();
}
