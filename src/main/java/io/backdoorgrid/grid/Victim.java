package io.backdoorgrid.grid;

import java.io.Serializable;
import java.util.Map;

/**
 * A backdoored model to be trained: every setting that changes its weights.
 *
 * @param id identity over the settings
 * @param settings of the axes that belong to victims
 */
public record Victim(VictimId id, Settings settings) implements Serializable {

  /** The victim with other values for some axes. */
  public Victim with(Map<String, Object> changes) {
    return new Identity().victim(settings.with(changes));
  }

  public Spec dataset() {
    return settings.spec(Axes.DATASET.key());
  }

  public Spec model() {
    return settings.spec(Axes.MODEL.key());
  }

  public Spec attack() {
    return settings.spec(Axes.ATTACK.key());
  }

  /** Share of the training images that are poisoned, 0 to 1; 0 where the attack poisons nothing. */
  public double poisonRate() {
    return settings.get(Axes.POISON_RATE.key(), Double.class);
  }

  public Spec train() {
    return settings.spec(Axes.TRAIN.key());
  }

  /** Share of the training images kept away from the victim for defenders, 0 to below 1. */
  public double heldOut() {
    return settings.get(Axes.HELD_OUT.key(), Double.class);
  }

  /** How many training images are used before the hold-out, 0 for all. */
  public long images() {
    return settings.get(Axes.IMAGES.key(), Long.class);
  }

  /** {@code auto}, {@code float32} or {@code bfloat16}. */
  public String precision() {
    return settings.get(Axes.PRECISION.key(), String.class);
  }

  /** The repetition; different seeds give independent victims. */
  public long seed() {
    return settings.get(Axes.SEED.key(), Long.class);
  }
}
