package io.backdoorgrid.extractor;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.set.DataSets;

/**
 * The features of a network that was trained on clean, labeled images: the victim's architecture
 * and recipe without an attack, which the store keeps as a victim like any other.
 *
 * <p>It stands for the pretrained extractors of the paper on Hölder Pruning (section 4.1), which a
 * defender downloads. {@code dataset: same} uses the victim's own images with their true labels,
 * which a defender does not have: a yardstick for what a perfect extractor of that size would give.
 * Another data set of the same image shape is within the threat model.
 *
 * @param dataset a data set by name, with its defaults, or {@code same}
 */
@Algorithm("supervised")
public record Supervised(String dataset) implements Extractor {

  /** The victim's own data set. */
  public static final String SAME = "same";

  public Supervised {
    require(
        dataset.equals(SAME) || DataSets.REGISTRY.names().contains(dataset),
        "dataset must be same or one of %s, got '%s'",
        DataSets.REGISTRY.names(),
        dataset);
  }

  /** The victim's own data set. */
  public Supervised() {
    this(SAME);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.supervised(this);
  }

  @Override
  public double imagePasses(double images) {
    return 0;
  }
}
