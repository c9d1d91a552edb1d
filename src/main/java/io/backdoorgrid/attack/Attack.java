package io.backdoorgrid.attack;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Recipe;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A way to plant a backdoor. Implementations are records whose components are hyperparameters.
 *
 * <p>Sealed along the threat model: what an attacker controls decides which methods exist. Each
 * kind knows how victims of its attacks are made, so a caller only has to {@linkplain #plant tell}
 * the attack to make one.
 */
public sealed interface Attack permits NoAttack, BackdoorAttack {

  /**
   * Trains a victim.
   *
   * @param victim a network with fresh weights, which is the trained victim afterwards
   * @return what was planted; empty for a clean model
   */
  Optional<Backdoor> plant(Classifier victim, VictimTraining training);

  /**
   * What was planted in a stored victim of this attack.
   *
   * @param shape of the images
   * @param trigger reads what {@link Trigger#toTensors} stored; called only if there is a trigger
   * @throws IllegalArgumentException if a tensor is missing or has another shape
   */
  Optional<Backdoor> readBackdoor(ImageShape shape, Supplier<SafeTensors> trigger);

  /**
   * The backdoor without the victim, to look at its trigger: only what the trigger depends on is
   * trained.
   *
   * @param fresh makes a network to train, for attacks whose trigger is learned together with the
   *     victim
   */
  Optional<Backdoor> rehearse(VictimTraining training, Supplier<Classifier> fresh);

  /**
   * Why this attack is impossible on such data: a target that does not exist, images on which no
   * trigger fits, more poison than there are images, or none.
   *
   * @param classSizes how many training images the data set has of each class
   * @param images how many of these the victim is trained on
   * @param poisonRate share of them, 0 to 1
   */
  default Optional<String> obstacle(
      ImageShape shape, int[] classSizes, int images, double poisonRate) {
    return Optional.empty();
  }

  /** What the attacker controls, in a few words that complete "the attacker". */
  String threatModel();

  /** The shared settings of a grid on which the victim depends, such as {@code poison-rate}. */
  default Set<String> uses() {
    return Set.of();
  }

  /** Whether {@link Knowledge#surrogate} will be asked for. */
  default boolean usesSurrogate() {
    return false;
  }

  /**
   * Whether its trigger, if it has one, is known without any training: then a network from
   * elsewhere can be tried with it.
   */
  default boolean needsNoTraining() {
    return false;
  }

  /**
   * The main cost of making the trigger and training the victim, without surrogates.
   *
   * @param recipe the grid's; an attack with a schedule of its own ignores what it replaces
   * @return billions of multiplications
   */
  default double gigaMultiplications(Scale scale, Recipe recipe) {
    return scale.training(recipe.epochs());
  }
}
