package io.backdoorgrid.defense;

import java.util.Set;

/**
 * A way to get rid of a backdoor. Implementations are records whose components are hyperparameters.
 *
 * <p>Sealed along the threat model: a defense is handed exactly what its model grants. None is ever
 * handed the trigger, the truth about the poisoned images, or triggered test images, so none can be
 * tuned on them.
 *
 * <p>A defense says of itself what it needs, what it costs and with whom it shares work; whoever
 * runs it only has to {@link #accept} what it is.
 */
public sealed interface Defense
    permits DataFreeDefense,
        CleanDataDefense,
        UntrustedDataDefense,
        TrainingDefense,
        FeatureDefense {

  /**
   * One method per threat model: what runs a defense grants in each what that model allows.
   *
   * @param <R> what comes of it
   */
  interface Visitor<R> {

    R dataFree(DataFreeDefense defense);

    R cleanData(CleanDataDefense defense);

    R untrustedData(UntrustedDataDefense defense);

    R training(TrainingDefense defense);

    R features(FeatureDefense defense);
  }

  /** Calls the visitor's method for the threat model of this defense. */
  <R> R accept(Visitor<R> visitor);

  /** What the defender has besides the model, in a few words. */
  String threatModel();

  /** The shared settings of a grid on which the result depends, such as {@code clean-ratio}. */
  default Set<String> uses() {
    return Set.of();
  }

  /**
   * How many images pass through the victim's network, forward and backward, to estimate costs; a
   * forward pass alone counts as a third.
   */
  double imagePasses(DataSizes sizes);

  /**
   * Whether it takes no longer than loading the victim, even without a GPU: then all such trials
   * are run in one task with it.
   */
  default boolean isShort() {
    return false;
  }

  /**
   * Whether its trials on one victim share nearly all of their work by {@link Workspace#once}, so
   * that they are best run one after another.
   */
  default boolean sharesWork() {
    return false;
  }

  /** Whether the model that it gives differs from the victim, so that it has to be measured. */
  default boolean changesModel() {
    return true;
  }
}
