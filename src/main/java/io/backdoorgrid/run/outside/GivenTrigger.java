package io.backdoorgrid.run.outside;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attack;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Picture;
import io.backdoorgrid.grid.Spec;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A trigger that somebody suspects, and the class that it should cause.
 *
 * @param trigger for images of a shape
 */
public record GivenTrigger(Trigger trigger, Goal goal) {

  /**
   * That of an attack whose trigger depends on nothing but the shape of the images.
   *
   * @throws IllegalArgumentException if it does not fit, or depends on more
   */
  public static GivenTrigger of(Spec attack, ImageShape shape) {
    Attack found = Attacks.REGISTRY.create(attack);
    require(
        found instanceof ModelFreeAttack,
        "the trigger of %s depends on its training; known without it are those of attacks that"
            + " need neither network nor image, or a picture of it",
        attack.name());
    var known = (ModelFreeAttack) found;
    return new GivenTrigger(
        known.trigger(shape, new Seed("trigger").stream("trigger")), known.goal());
  }

  /**
   * A picture that is laid over images.
   *
   * @param mask where it covers them, white being whole; everywhere if empty
   */
  public static GivenTrigger of(
      Picture picture, Optional<Picture> mask, int target, ImageShape shape) {
    byte[] pixels = picture.resized(shape).pixels();
    float[] pattern = new float[pixels.length];
    float[] opacity = new float[pixels.length];
    Arrays.fill(opacity, 1);
    for (int i = 0; i < pixels.length; i++) {
      pattern[i] = pixels[i] & 0xff;
    }
    mask.map(m -> m.resized(shape).pixels())
        .ifPresent(
            covered ->
                IntStream.range(0, covered.length)
                    .forEach(i -> opacity[i] = (covered[i] & 0xff) / 255f));
    return new GivenTrigger(
        new Overlay(shape, opacity, pattern), new Goal(LabelStrategy.ALL_TO_ONE, target));
  }

  /** Images with the trigger on, as far as they count: not those of the target. */
  public Backdoor.Triggered on(LabeledImages images) {
    goal.check(images.classes());
    return Backdoor.trigger(images, trigger, goal);
  }
}
