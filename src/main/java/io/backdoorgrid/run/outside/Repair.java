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
import io.backdoorgrid.defense.UntrustedTraining;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A defense on a network that somebody was given.
 *
 * @param findings what it learned
 * @param seconds that it took
 */
public record Repair(Findings findings, double seconds) {

  /** What a defense looks at besides the weights. */
  public enum Need {
    NOTHING("nothing"),
    CLEAN_IMAGES("clean images (--images)"),
    TRAINING_IMAGES("all training data of the model, poisoned images included (--training)"),
    /** It can only be met in a grid, where extractors are trained and kept. */
    EXTRACTOR("a trusted feature extractor, which a grid trains: see model 'file' in grid files");

    private final String words;

    Need(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }

    /** Of a defense. */
    public static Need of(Defense defense) {
      return defense.accept(
          new Defense.Visitor<>() {
            @Override
            public Need dataFree(DataFreeDefense dataFree) {
              return NOTHING;
            }

            @Override
            public Need cleanData(CleanDataDefense cleanData) {
              return CLEAN_IMAGES;
            }

            @Override
            public Need untrustedData(UntrustedDataDefense untrusted) {
              return TRAINING_IMAGES;
            }

            @Override
            public Need training(TrainingDefense training) {
              return TRAINING_IMAGES;
            }

            @Override
            public Need features(FeatureDefense features) {
              return EXTRACTOR;
            }
          });
    }
  }

  /**
   * Repairs a network in place; a defense that trains one of its own replaces its weights.
   *
   * @param images what the defense {@linkplain Need needs}; null for one that needs nothing
   * @throws IllegalArgumentException if the defense cannot be run here, or not on so few images
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
            untrusted.repair(network, given);
            return null;
          }

          @Override
          public Void training(TrainingDefense training) {
            try (Predictor made = training.train(given)) {
              if (!(made instanceof Classifier trained)) {
                throw new IllegalArgumentException("it makes no network of the model's kind");
              }
              network.takeOver(trained);
            }
            return null;
          }

          @Override
          public Void features(FeatureDefense features) {
            throw new IllegalArgumentException("it needs " + Need.EXTRACTOR);
          }
        });
    return new Repair(given.findings(), (System.nanoTime() - start) / 1e9);
  }

  /** The tools and the images of a defense; nothing is stored. */
  private static final class Given implements CleanData, UntrustedTraining {
    private final LoneWeights weights;
    private final LabeledImages images;
    private final Classifier.Design design;

    Given(Classifier network, LabeledImages images) {
      this.weights = new LoneWeights(network);
      this.images = images;
      this.design = network.design();
    }

    @Override
    public LabeledImages images() {
      return images;
    }

    @Override
    public Classifier fresh(RandomGenerator random) {
      return Classifier.create(design, random);
    }

    /** Nobody watches. */
    @Override
    public void observe(int iteration, Predictor predictor, boolean[] trusted) {}

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
