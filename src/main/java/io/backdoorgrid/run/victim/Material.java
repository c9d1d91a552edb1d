package io.backdoorgrid.run.victim;

import ai.djl.Device;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Split;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.model.net.Pretrained;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.Precision;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The ingredients of a victim before any training, the same on every call.
 *
 * @param train all training images that the grid uses
 * @param split of these into the victim's and the held-out ones
 * @param test all test images
 * @param digest of the data set's files
 * @param design of the network
 * @param seed of everything random about the victim
 */
public record Material(
    LabeledImages train,
    Split split,
    LabeledImages test,
    String digest,
    Classifier.Design design,
    Seed seed) {

  public static Material of(Victim victim, Environment environment, Device device) {
    DataCache.Loaded data = DataCache.load(victim.dataset(), environment.dataPath());
    var seed = new Seed(victim.id().toString());
    LabeledImages train = limited(data.images().train(), victim.images(), seed);
    Architecture architecture = Models.REGISTRY.create(victim.model());
    var design =
        new Classifier.Design(
            architecture,
            train.shape(),
            train.classes(),
            architecture
                .pretrained()
                .flatMap(Pretrained::givenNormalization)
                .orElse(data.images().normalization()),
            Precision.of(victim.precision(), device),
            device);
    Split split = Split.of(train.size(), victim.heldOut(), seed.stream("split"));
    return new Material(train, split, data.images().test(), data.digest(), design, seed);
  }

  private static LabeledImages limited(LabeledImages images, long limit, Seed seed) {
    if (limit == 0 || limit >= images.size()) {
      return images;
    }
    int[] order = Seed.permutation(images.size(), seed.stream("subset"));
    return images.select(Arrays.copyOf(order, (int) limit));
  }

  /**
   * For what the store keeps of a training.
   *
   * @throws BadDataException if that was on other data than is there now
   */
  public void requireSameData(StoredObject stored) {
    Object trained = stored.description().get(Row.DATA_DIGEST);
    if (!digest.equals(trained)) {
      throw new BadDataException(
          "%s was made with other data (digest %s) than is there now (%s)"
              .formatted(stored.name(), trained, digest));
    }
  }

  /** The images that the victim is trained on, before poisoning. */
  LabeledImages victimImages() {
    return train.select(split.victim());
  }

  /** The labels of {@link #victimImages}. */
  int[] victimLabels() {
    return IntStream.of(split.victim()).map(i -> train.labels()[i]).toArray();
  }

  /** The images that a defender may see. */
  public LabeledImages cleanImages(double ratio) {
    return train.select(split.clean(ratio));
  }
}
