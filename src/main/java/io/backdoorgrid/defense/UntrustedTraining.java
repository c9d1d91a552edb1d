package io.backdoorgrid.defense;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.FeatureExtractor;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What a {@link TrainingDefense} works with. */
public interface UntrustedTraining {

  /** The training images; some may carry a trigger and the attacker's label. */
  LabeledImages images();

  /** The pretrained extractor, anew each time; the caller closes it. */
  FeatureExtractor features();

  /**
   * The same as a network, to be trained further; its head means nothing.
   *
   * @throws IllegalArgumentException if the extractor is none of our networks
   */
  Classifier network();

  /**
   * The result of a piece of work, which is done once for these images and this extractor, kept in
   * the store, and found there by later trials and by this one after it was killed.
   *
   * @param what names the work by everything that its result depends on
   * @param work gets a source of random numbers that depends on {@code what}
   */
  SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work);

  /** Shows whoever watches how far a training is that is part of this defense. */
  TrainingListener progress(String what);

  /**
   * Lets the evaluator record how far the defense is. Nothing comes back: a defense is not to learn
   * from it.
   *
   * @param iteration counted from 1
   * @param predictor what the defense would give now
   * @param trusted per training image, whether the defense takes it for clean
   */
  void observe(int iteration, Predictor predictor, boolean[] trusted);
}
