package io.backdoorgrid.train;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that trains for 2,000 steps, in the precision that its argument names, and prints its
 * resident size after every 250.
 */
final class LongTraining {

  static final int REPORTS = 8;

  private static final int STEPS_PER_REPORT = 250;
  private static final int BATCH = 16;
  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);

  private LongTraining() {}

  public static void main(String[] arguments) {
    Torch.prepareThread(1);
    LabeledImages images = ToyImages.tinted(SHAPE, STEPS_PER_REPORT * BATCH, 1);
    var recipe = new Recipe(REPORTS, BATCH, 0.01, 0.9, 5e-4, RateSchedule.CONSTANT, 4, Flip.RANDOM);
    var design = Classifiers.design(new ResNet18(2), SHAPE, 3, Precision.valueOf(arguments[0]));
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      new Trainer(recipe, (epoch, epochs, loss) -> System.out.println(residentKilobytes()))
          .train(classifier, images, new Seed("a1").stream("training"));
    }
  }

  private static long residentKilobytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
