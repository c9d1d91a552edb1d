package io.backdoorgrid.defense;

import java.util.Set;

/**
 * A way to remove a backdoor. Implementations are records whose components are hyperparameters.
 *
 * <p>Sealed along the threat model: a defense receives exactly what its threat model grants. None
 * ever receives the trigger, the truth about the poisoned images, or triggered test images, so none
 * can be tuned on them.
 *
 * <p>A defense says what it needs, what it costs and whether it shares work, so a runner only has
 * to call {@link #accept}.
 */
public sealed interface Defense
    permits DataFreeDefense,
        CleanDataDefense,
        UntrustedDataDefense,
        TrainingDefense,
        FeatureDefense {

  /**
   * One method per threat model. A runner grants in each method what the threat model allows.
   *
   * @param <R> the result
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
   * Whether the defense takes no longer than loading the victim, even without a GPU. All such
   * trials of a victim run in one task.
   */
  default boolean isShort() {
    return false;
  }

  /**
   * Whether its trials on one victim share nearly all of their work by {@link Workspace#once}, so
   * they should run one after another.
   */
  default boolean sharesWork() {
    return false;
  }

  /** Whether the defense changes the model, so that the result has to be evaluated. */
  default boolean changesModel() {
    return true;
  }
}
