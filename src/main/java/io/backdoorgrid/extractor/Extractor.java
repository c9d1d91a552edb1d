package io.backdoorgrid.extractor;

/**
 * The origin of the feature extractor with which some training defenses begin. Implementations are
 * records whose components are hyperparameters.
 *
 * <p>Sealed along what an extractor has seen. One that was pretrained elsewhere (a TorchScript or
 * safetensors file) will be a third kind.
 */
public sealed interface Extractor permits SelfSupervised, Supervised {

  /**
   * One method per kind.
   *
   * @param <R> the result
   */
  interface Visitor<R> {

    R selfSupervised(SelfSupervised extractor);

    R supervised(Supervised extractor);
  }

  /** Calls the visitor's method for this kind of extractor. */
  <R> R accept(Visitor<R> visitor);

  /**
   * How many images pass through the network, forward and backward, while the extractor is trained,
   * to estimate costs; 0 for one that is a victim or comes from elsewhere.
   *
   * @param images in the victim's training set
   */
  double imagePasses(double images);
}
