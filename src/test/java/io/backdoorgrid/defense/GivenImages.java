package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Clean images for a defense that nobody else shares work with. */
public record GivenImages(LabeledImages images, Seed seed, Findings findings) implements CleanData {

  public GivenImages(LabeledImages images, String seed) {
    this(images, new Seed(seed), new Findings());
  }

  @Override
  public HoldOut holdOut(double share) {
    return HoldOut.of(images, share, random("validation"));
  }

  @Override
  public RandomGenerator random(String purpose) {
    return seed.stream(purpose);
  }

  @Override
  public SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work) {
    return work.apply(random(what));
  }

  @Override
  public TrainingListener progress(String what) {
    return TrainingListener.NONE;
  }
}
