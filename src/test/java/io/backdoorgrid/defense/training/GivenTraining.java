package io.backdoorgrid.defense.training;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.UntrustedTraining;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * A training set for a defense, and what it did.
 *
 * @param done work by its name
 * @param trusted what {@link #observe} was told, one after the other
 */
record GivenTraining(
    LabeledImages images,
    Classifier.Design design,
    Map<String, SafeTensors> done,
    List<boolean[]> trusted,
    Findings findings)
    implements UntrustedTraining {

  GivenTraining(LabeledImages images, Classifier.Design design) {
    this(images, design, new LinkedHashMap<>(), new ArrayList<>(), new Findings());
  }

  @Override
  public Classifier fresh(RandomGenerator random) {
    return Classifier.create(design, random);
  }

  @Override
  public void observe(int iteration, Predictor predictor, boolean[] its) {
    trusted.add(its.clone());
  }

  @Override
  public RandomGenerator random(String purpose) {
    return new Seed("given").stream(purpose);
  }

  @Override
  public SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work) {
    if (!done.containsKey(what)) {
      done.put(what, work.apply(random(what)));
    }
    return done.get(what);
  }

  @Override
  public TrainingListener progress(String what) {
    return TrainingListener.NONE;
  }
}
