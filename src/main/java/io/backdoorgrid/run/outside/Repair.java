package io.backdoorgrid.run.outside;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataFreeDefense;
import io.backdoorgrid.defense.Defense;
import io.backdoorgrid.defense.FeatureDefense;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.HoldOut;
import io.backdoorgrid.defense.LoneWeights;
import io.backdoorgrid.defense.TrainingDefense;
import io.backdoorgrid.defense.UntrustedDataDefense;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A defense on a network that somebody was given.
 *
 * @param findings what it learned
 * @param seconds that it took
 */
public record Repair(Findings findings, double seconds) {

  /** What a defense lacks here; empty if it can be run. */
  public static Optional<String> lacks(Defense defense, boolean hasImages) {
    return defense.accept(
        new Defense.Visitor<>() {
          @Override
          public Optional<String> dataFree(DataFreeDefense dataFree) {
            return Optional.empty();
          }

          @Override
          public Optional<String> cleanData(CleanDataDefense cleanData) {
            return hasImages ? Optional.empty() : Optional.of("clean images (--images)");
          }

          @Override
          public Optional<String> untrustedData(UntrustedDataDefense untrusted) {
            return Optional.of("all training data of the model, poisoned images included");
          }

          @Override
          public Optional<String> training(TrainingDefense training) {
            return Optional.of("the training itself: it makes a network of its own");
          }

          @Override
          public Optional<String> features(FeatureDefense features) {
            return Optional.of("all training data of the model and a trusted feature extractor");
          }
        });
  }

  /** Whether a defense looks at clean images. */
  public static boolean usesImages(Defense defense) {
    return lacks(defense, false).isPresent();
  }

  /**
   * Repairs a network in place.
   *
   * @param images for a defense that needs some; null for others
   * @throws IllegalArgumentException if the defense lacks something, or cannot work on so few
   *     images
   */
  public static Repair of(Defense defense, Classifier network, LabeledImages images) {
    long start = System.nanoTime();
    var given = new Given(network, images);
    defense.accept(
        new Defense.Visitor<Void>() {
          @Override
          public Void dataFree(DataFreeDefense dataFree) {
            dataFree.repair(network, given.weights);
            return null;
          }

          @Override
          public Void cleanData(CleanDataDefense cleanData) {
            cleanData.repair(network, given);
            return null;
          }

          @Override
          public Void untrustedData(UntrustedDataDefense untrusted) {
            throw new IllegalArgumentException(lacks(untrusted, true).orElseThrow());
          }

          @Override
          public Void training(TrainingDefense training) {
            throw new IllegalArgumentException(lacks(training, true).orElseThrow());
          }

          @Override
          public Void features(FeatureDefense features) {
            throw new IllegalArgumentException(lacks(features, true).orElseThrow());
          }
        });
    return new Repair(given.findings(), (System.nanoTime() - start) / 1e9);
  }

  /** The tools and the images of a defense; nothing is stored. */
  private static final class Given implements CleanData {
    private final LoneWeights weights;
    private final LabeledImages images;

    Given(Classifier network, LabeledImages images) {
      this.weights = new LoneWeights(network);
      this.images = images;
    }

    @Override
    public LabeledImages images() {
      return images;
    }

    @Override
    public HoldOut holdOut(double share) {
      return HoldOut.of(images, share, new Seed("alone").stream("validation"));
    }

    @Override
    public RandomGenerator random(String purpose) {
      return weights.random(purpose);
    }

    @Override
    public SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work) {
      return weights.once(what, work);
    }

    @Override
    public TrainingListener progress(String what) {
      return weights.progress(what);
    }

    @Override
    public Findings findings() {
      return weights.findings();
    }
  }
}
