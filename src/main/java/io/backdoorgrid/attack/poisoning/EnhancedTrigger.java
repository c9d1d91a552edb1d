package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.FloatImage;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Enhanced trigger attack (Li et al., "Rethinking the trigger of backdoor attack", 2020): each
 * poisoned training image gets the patch of {@link BadNets} and is then moved as a whole, once and
 * at random, so that the backdoor does not depend on where exactly the patch lies. Test images get
 * the patch and stay in place.
 *
 * <p>The defaults are those of WIPER, which names rotation and scale but no ranges: ours keep a 3x3
 * patch in the corner of a 32x32 image visible most of the time. The preset {@code shrink} is the
 * original paper's flip, then shrinking by a few pixels and padding to the old size at random;
 * {@code physical} has the ranges of the same authors' toolbox for attacks with printed triggers,
 * which moves clean images as well, and all of them anew in every epoch, which an attacker who only
 * supplies images cannot do.
 *
 * <p>If all moved images have the same label, a network learns the traces of a move, black borders
 * and soft edges, and not the patch. Some clean images are therefore moved, too, and keep their
 * label. Of our sources only that toolbox, which moves all images, does so. Cross accuracy is that
 * of moved images without the patch.
 *
 * @param stamp the patch, the labels and the target
 * @param flip probability that an image is mirrored, 0 to 1
 * @param angle largest rotation in degrees, to either side, 0 to 180
 * @param minScale smallest factor on the size, positive
 * @param maxScale largest factor, at least {@code minScale}
 * @param shrink largest number of pixels by which the image is shrunk, not negative; it then lies
 *     anywhere within the old edges
 * @param shift largest shift to any side, as a share of the size, 0 to 1
 * @param jitter largest relative change of brightness and contrast, 0 to 1
 * @param cover images moved without the patch per poisoned one, not negative
 */
@Algorithm("enhanced-trigger")
public record EnhancedTrigger(
    BadNets stamp,
    double flip,
    double angle,
    double minScale,
    double maxScale,
    int shrink,
    double shift,
    double jitter,
    double cover)
    implements ModelFreeAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "wiper", Map.of(),
          "shrink", Map.of("flip", 0.5, "angle", 0, "min-scale", 1, "shrink", 4),
          "physical",
              Map.of("flip", 0.5, "min-scale", 0.8, "max-scale", 0.9, "shift", 0.1, "jitter", 0.2));

  public EnhancedTrigger {
    requireShare("flip", flip);
    require(angle >= 0 && angle <= 180, "angle must be from 0 to 180, got %s", angle);
    requirePositive("min-scale", minScale);
    requirePositive("max-scale", maxScale);
    require(
        minScale <= maxScale,
        "min-scale must be at most max-scale, got %s and %s",
        minScale,
        maxScale);
    require(shrink >= 0, "shrink must not be negative, got %d", shrink);
    requireShare("shift", shift);
    requireShare("jitter", jitter);
    require(cover >= 0 && Double.isFinite(cover), "cover must not be negative, got %s", cover);
  }

  /** WIPER's random pixels at the top left, up to 10 degrees, four fifths to full size. */
  public EnhancedTrigger() {
    this(BadNets.random(), 0, 10, 0.8, 1, 0, 0, 0, 1);
  }

  @Override
  public Goal goal() {
    return stamp.goal();
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return stamp.readTrigger(shape, tensors);
  }

  @Override
  public Trigger trigger(ImageShape shape, RandomGenerator random) {
    require(
        shrink < Math.min(shape.height(), shape.width()),
        "nothing is left of images of %s that shrink by %d",
        shape,
        shrink);
    return stamp.trigger(shape, random);
  }

  @Override
  public void prepare(
      LabeledImages images,
      int[] positions,
      Trigger trigger,
      Knowledge knowledge,
      RandomGenerator random) {
    trigger.apply(images, positions);
    move(images, positions, random);
    move(images, covers(images.size(), positions, random), random);
  }

  /** Positions of clean images at random, as many as {@code cover} says or as there are. */
  private int[] covers(int images, int[] poisoned, RandomGenerator random) {
    var taken = new BitSet();
    Arrays.stream(poisoned).forEach(taken::set);
    return Arrays.stream(Seed.permutation(images, random))
        .filter(i -> !taken.get(i))
        .limit(Math.round(cover * poisoned.length))
        .toArray();
  }

  /**
   * Moved likewise, without the patch: a network that assigns them to the attacker's class has
   * learned the moves.
   */
  @Override
  public Optional<LabeledImages> crossTriggered(
      LabeledImages images, Trigger trigger, RandomGenerator random) {
    LabeledImages moved = images.copy();
    move(moved, IntStream.range(0, images.size()).toArray(), random);
    return Optional.of(moved);
  }

  private void move(LabeledImages images, int[] positions, RandomGenerator random) {
    ImageShape shape = images.shape();
    for (int position : positions) {
      placement(shape, random).apply(shape, images.pixels(), position * shape.size());
    }
    if (jitter > 0) {
      relight(images, positions, random);
    }
  }

  private Placement placement(ImageShape shape, RandomGenerator random) {
    boolean mirrored = random.nextDouble() < flip;
    double degrees = around(0, angle, random);
    double scale = minScale + (maxScale - minScale) * random.nextDouble();
    int border = random.nextInt(shrink + 1);
    double right = random.nextInt(border + 1) - border / 2.0;
    double down = random.nextInt(border + 1) - border / 2.0;
    return new Placement(
        mirrored,
        degrees,
        scale * (shape.width() - border) / shape.width(),
        scale * (shape.height() - border) / shape.height(),
        around(right, shift * shape.width(), random),
        around(down, shift * shape.height(), random));
  }

  private void relight(LabeledImages images, int[] positions, RandomGenerator random) {
    int size = images.shape().size();
    var image = new FloatImage(images.shape());
    byte[] relit = new byte[size];
    for (int position : positions) {
      image.read(images.pixels(), position * size);
      image.brighten(around(1, jitter, random));
      image.contrast(around(1, jitter, random));
      image.write(relit);
      System.arraycopy(relit, 0, images.pixels(), position * size, size);
    }
  }

  private static double around(double middle, double reach, RandomGenerator random) {
    return middle + reach * (2 * random.nextDouble() - 1);
  }
}
