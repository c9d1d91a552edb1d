package io.backdoorgrid.attack.batch;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.BatchAttack;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * WaNet (Nguyen and Tran, ICLR 2021): the trigger is a smooth warp of the whole image. A small grid
 * of random shifts is scaled to a mean size of 1 and enlarged to the image's size ({@link
 * WarpField}); multiplied by {@code strength / height}, it tells how far each pixel moves, on a
 * scale on which the image is 2 wide.
 *
 * <p>In noise mode, twice as many images are warped by the same field with additional jitter and
 * keep their label, so that no other warp triggers the backdoor. Triggers are computed from and to
 * bytes in training as in the test, and augmentation is the recipe's; the authors' code, which
 * works on floats, also rotates.
 *
 * <p>All papers use the original's setting; {@code hp} has target class 1, as in that paper's
 * figures. WIPER's "transformation probability of 0.2" is read as the original's share of images in
 * noise mode.
 *
 * @param grid edge of the small grid, at least 2
 * @param strength s in the paper, positive
 * @param rescale factor on the sampled coordinates, positive; 1 in all papers
 * @param cover images in noise mode per triggered one, not negative; 2 in the paper
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("wanet")
public record WaNet(
    int grid, double strength, double rescale, double cover, LabelStrategy labels, int target)
    implements BatchAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "clp", Map.of(),
          "hp", Map.of("target", 1),
          "lpp", Map.of(),
          "wiper", Map.of());

  public WaNet {
    require(grid >= 2, "grid must be at least 2, got %d", grid);
    requirePositive("strength", strength);
    requirePositive("rescale", rescale);
    require(cover >= 0 && Double.isFinite(cover), "cover must not be negative, got %s", cover);
    require(
        labels != LabelStrategy.CLEAN_LABEL, "labels must be all-to-one or all-to-all for wanet");
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** The paper's setting. */
  public WaNet() {
    this(4, 0.5, 1, 2, LabelStrategy.ALL_TO_ONE, 0);
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return Warp.of(shape, tensors);
  }

  @Override
  public Trigger trigger(ImageShape shape, RandomGenerator random) {
    double[][] shifts = new double[2][grid * grid];
    for (double[] direction : shifts) {
      for (int i = 0; i < direction.length; i++) {
        direction[i] = 2 * random.nextDouble() - 1;
      }
    }
    return new Warp(shape, WarpField.places(shape, shifts, strength, rescale));
  }

  @Override
  public Batches batches(
      LabeledImages images, Trigger trigger, double rate, Augmentation augmentation) {
    return new CoveredBatches(
        images, trigger, goal(), rate, cover * rate, noise((Warp) trigger), augmentation);
  }

  @Override
  public Optional<LabeledImages> crossTriggered(
      LabeledImages images, Trigger trigger, RandomGenerator random) {
    return Optional.of(noise((Warp) trigger).of(images, random));
  }

  private static CoveredBatches.Cover noise(Warp trigger) {
    ImageShape shape = trigger.shape();
    return (pixels, offset, random) ->
        new Warp(shape, WarpField.jittered(shape, trigger.places(), random)).apply(pixels, offset);
  }
}
