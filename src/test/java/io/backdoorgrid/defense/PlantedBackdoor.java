package io.backdoorgrid.defense;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;

/**
 * A backdoor put in by hand: sixteen random 3x3 kernels of length one, of which number 7 is ten
 * times as long and drives the target class.
 */
public final class PlantedBackdoor {

  public static final int CHANNELS = 16;
  public static final int CHANNEL = 7;
  public static final int TARGET = 2;
  public static final int CLASSES = 4;
  public static final ImageShape SHAPE = new ImageShape(4, 4, 1);

  private static final int KERNEL = 9;

  private PlantedBackdoor() {}

  public static OneLayer victim() {
    var random = new Random(5);
    float[] kernels = new float[CHANNELS * KERNEL];
    for (int k = 0; k < CHANNELS; k++) {
      double[] kernel = random.doubles(KERNEL, -1, 1).toArray();
      double norm = Math.sqrt(Arrays.stream(kernel).map(w -> w * w).sum());
      for (int i = 0; i < KERNEL; i++) {
        kernels[k * KERNEL + i] = (float) (kernel[i] / norm * (k == CHANNEL ? 10 : 1));
      }
    }
    float[] head = new float[CLASSES * CHANNELS];
    for (int i = 0; i < head.length; i++) {
      head[i] = 0.1f * random.nextFloat();
    }
    head[TARGET * CHANNELS + CHANNEL] = 5;
    return OneLayer.ofKernels(1, 3, kernels).head(CLASSES, head);
  }

  /** Gives the planted channel another kernel. */
  public static void replantWith(Classifier classifier, float weight) {
    NDArray kernels = classifier.state().get("conv.weight");
    float[] values = kernels.toFloatArray();
    Arrays.fill(values, CHANNEL * KERNEL, (CHANNEL + 1) * KERNEL, weight);
    kernels.set(FloatBuffer.wrap(values));
  }

  public static float[] logits(Classifier classifier) {
    return Classifiers.logits(classifier, ToyImages.random(SHAPE, CLASSES, 20, 6));
  }
}
