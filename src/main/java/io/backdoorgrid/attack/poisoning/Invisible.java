package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.PoisoningAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Shift;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.perturb.DeepFool;
import io.backdoorgrid.perturb.UniversalSearch;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The invisible attack (Zhong et al., CODASPY 2020): a change of a few levels, the same for all
 * images. It is a regular lattice, or adapted to a clean network by {@link UniversalSearch}, kept
 * within the amplitude after every move.
 *
 * <p>WIPER does not say which of them it uses. Our default is the lattice at 10 levels; follow-up
 * work has a chessboard at 3. The adaptive search ends when most held-out images are classified
 * differently; the number of passes is ours.
 *
 * @param pattern how images change
 * @param amplitude above 0 and at most 255: what is added to the pixels of a lattice, or the bound
 *     of the adaptive change, in levels
 * @param search for the adaptive change
 * @param target the wanted class
 */
@Algorithm("invisible")
public record Invisible(Pattern pattern, double amplitude, UniversalSearch search, int target)
    implements PoisoningAttack {

  public static final Map<String, Map<String, Object>> PRESETS = Map.of("wiper", Map.of());

  /** How images change. */
  public enum Pattern {
    /** Every other pixel of every other row is brighter. */
    LATTICE,
    /** Every pixel is brighter whose row and column add up to an even number. */
    CHESSBOARD,
    /** Every byte is changed separately, as {@link UniversalSearch} finds it. */
    ADAPTIVE
  }

  public Invisible {
    require(
        amplitude > 0 && amplitude <= 255,
        "amplitude must be above 0 and at most 255, got %s",
        amplitude);
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** A lattice at 10 levels, class 0; for the search 100 images and up to 10 passes. */
  public Invisible() {
    this(
        Pattern.LATTICE, 10, new UniversalSearch(100, 100, 10, 0.8, 5, new DeepFool(0.02, 200)), 0);
  }

  @Override
  public Goal goal() {
    return new Goal(LabelStrategy.ALL_TO_ONE, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return Shift.of(shape, tensors);
  }

  @Override
  public boolean usesSurrogate() {
    return pattern == Pattern.ADAPTIVE;
  }

  @Override
  public Trigger trigger(Knowledge knowledge, RandomGenerator random) {
    LabeledImages images = knowledge.images();
    if (!usesSurrogate()) {
      return lattice(images.shape());
    }
    try (Classifier surrogate = knowledge.surrogate()) {
      return new Shift(
          images.shape(), search.find(surrogate, images, target, this::within, random));
    }
  }

  private float[] within(float[] change, float[] move) {
    float[] sum = new float[change.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (float) Math.max(-amplitude, Math.min(amplitude, change[i] + move[i]));
    }
    return sum;
  }

  private Trigger lattice(ImageShape shape) {
    float[] shift = new float[shape.size()];
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        if (isBright(row, column)) {
          for (int c = 0; c < shape.channels(); c++) {
            shift[shape.offset(row, column) + c] = (float) amplitude;
          }
        }
      }
    }
    return new Shift(shape, shift);
  }

  private boolean isBright(int row, int column) {
    return pattern == Pattern.CHESSBOARD
        ? (row + column) % 2 == 0
        : row % 2 == 0 && column % 2 == 0;
  }
}
