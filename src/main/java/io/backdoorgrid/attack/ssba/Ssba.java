package io.backdoorgrid.attack.ssba;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.PoisoningAttack;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Recipe;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * SSBA, also ISSBA (Li et al., "Invisible Backdoor Attack with Sample-Specific Triggers", ICCV
 * 2021): an encoder hides the same bits in all images, by changes that differ from image to image
 * and are hardly visible ({@link EncodedSecret}).
 *
 * <p>The attacker trains the encoder together with a decoder ({@link SecretTraining}), with the
 * loss and the architecture of BackdoorBench: the encoder draws the whole image. The authors' own
 * encoder draws a residual and is also trained with LPIPS, a pretrained network, and a critic.
 * BackdoorBench's secret is a word and its BCH code, which serves to check decoders; here the bits
 * are random.
 *
 * @param bits of the secret, at least 1; 100 in BackdoorBench's code, 20 in BackdoorBox at 32x32.
 *     The images of 32x32 that BackdoorBench distributes carry a single one
 * @param base channels of the encoder at full size, at least 1; 32 in BackdoorBench
 * @param epochs passes over the attacker's images, at least 1; 20 in BackdoorBench
 * @param batch images per step, at least 1; 64 in BackdoorBench
 * @param learningRate of Adam, positive; 1e-4 in all papers
 * @param images how many of the clean training images to learn from, 0 for all
 * @param penalty when the image error begins to count
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("ssba")
public record Ssba(
    int bits,
    int base,
    int epochs,
    int batch,
    double learningRate,
    int images,
    ImagePenalty penalty,
    LabelStrategy labels,
    int target)
    implements PoisoningAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "clp", Map.of(),
          "hp", Map.of("target", 1),
          "wiper", Map.of());

  public Ssba {
    require(bits >= 1, "bits must be at least 1, got %d", bits);
    require(base >= 1, "base must be at least 1, got %d", base);
    require(epochs >= 1, "epochs must be at least 1, got %d", epochs);
    require(batch >= 1, "batch must be at least 1, got %d", batch);
    requirePositive("learning-rate", learningRate);
    require(images >= 0, "images must not be negative, got %d", images);
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** BackdoorBench's setting. */
  public Ssba() {
    this(100, 32, 20, 64, 1e-4, 0, new ImagePenalty(), LabelStrategy.ALL_TO_ONE, 0);
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return EncodedSecret.of(shape, tensors);
  }

  @Override
  public double gigaMultiplications(Scale scale, Recipe recipe) {
    double seen = images == 0 ? scale.images() : Math.min(images, scale.images());
    double perImage =
        SecretEncoder.gigaMultiplications(scale.shape(), base)
            + SecretDecoder.gigaMultiplications(scale.shape(), base);
    return PoisoningAttack.super.gigaMultiplications(scale, recipe)
        + Scale.TRAINING_PASSES * epochs * seen * perImage;
  }

  private static void requireEdges(ImageShape shape) {
    require(
        shape.height() % SecretEncoder.EDGE == 0 && shape.width() % SecretEncoder.EDGE == 0,
        "ssba needs images whose edges are multiples of %d, got %s",
        SecretEncoder.EDGE,
        shape);
  }

  @Override
  public void check(ImageShape shape, int classes) {
    PoisoningAttack.super.check(shape, classes);
    requireEdges(shape);
  }

  @Override
  public Trigger trigger(Knowledge knowledge, RandomGenerator random) {
    LabeledImages known = knowledge.images();
    ImageShape shape = known.shape();
    requireEdges(shape);
    try (var training = new SecretTraining(this, shape, knowledge.device(), random)) {
      training.run(images == 0 ? known : known.first(images));
      return new EncodedSecret(
          shape, SecretTraining.secrets(bits, random), training.encoder().weights());
    }
  }
}
