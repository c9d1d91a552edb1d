package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Attack;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.BatchAttack;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.NoAttack;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.PoisoningAttack;
import io.backdoorgrid.attack.TrainingAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Recipes;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Trains a victim as its attack wants it. */
record VictimTraining(
    Victim victim, Material material, Knowledge knowledge, TrainingListener listener) {

  /**
   * Trains {@code classifier}, which has fresh weights.
   *
   * @return what was planted; empty for a clean model
   */
  Optional<Backdoor> into(Classifier classifier) {
    Recipe recipe = Recipes.REGISTRY.create(victim.train());
    Attack attack = Attacks.REGISTRY.create(victim.attack());
    if (attack instanceof NoAttack) {
      train(classifier, recipe, plain(material.victimImages(), recipe));
      return Optional.empty();
    }
    if (attack instanceof PoisoningAttack poisoning) {
      var backdoor =
          new Backdoor(poisoning.trigger(knowledge, stream("trigger")), poisoning.goal());
      LabeledImages images = poisoning(victim, material, knowledge, backdoor).images();
      train(classifier, recipe, plain(images, recipe));
      return Optional.of(backdoor);
    }
    if (attack instanceof BatchAttack batches) {
      Trigger trigger = batches.trigger(material.train().shape(), stream("trigger"));
      train(
          classifier,
          recipe,
          batches.batches(
              material.victimImages(), trigger, victim.poisonRate(), recipe.augmentation()));
      return Optional.of(new Backdoor(trigger, batches.goal()));
    }
    if (attack instanceof TrainingAttack training) {
      Trigger trigger =
          training.train(
              classifier, knowledge, victim.poisonRate(), recipe, stream("training"), listener);
      return Optional.of(new Backdoor(trigger, training.goal()));
    }
    throw new IllegalStateException("no way to plant " + attack);
  }

  private static Batches plain(LabeledImages images, Recipe recipe) {
    return new AugmentedBatches(images, recipe.augmentation());
  }

  private void train(Classifier classifier, Recipe recipe, Batches batches) {
    new Trainer(recipe, listener).train(classifier, batches, stream("training"));
  }

  private RandomGenerator stream(String purpose) {
    return material.seed().stream(purpose);
  }

  /** The poisoned training set of a backdoored victim, the same whenever it is asked for. */
  static Poisoning poisoning(
      Victim victim, Material material, Knowledge knowledge, Backdoor backdoor) {
    Poisoning.Planting planting =
        Attacks.REGISTRY.create(victim.attack()) instanceof PoisoningAttack attack
            ? (images, positions, random) ->
                attack.plant(images, positions, backdoor.trigger(), knowledge, random)
            : (images, positions, random) -> backdoor.trigger().apply(images, positions);
    return Poisoning.of(
        material.victimImages(),
        planting,
        backdoor.goal(),
        victim.poisonRate(),
        material.seed().stream("poison"));
  }
}
