package io.backdoorgrid.perturb;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;

/**
 * Two classes of images of one pixel with two channels, by hand: the logits are twice the channels,
 * on the scale 0 to 1, plus a bias.
 */
public final class LinearNetwork {

  public static final ImageShape SHAPE = new ImageShape(1, 1, 2);

  private static final float[] IDENTITY = {1, 0, 0, 1};

  private LinearNetwork() {}

  public static Classifier of(float slope, float... biases) {
    var tensors =
        Map.of(
            "conv.weight", new SafeTensors.Tensor(new long[] {2, 2, 1, 1}, IDENTITY),
            "linear.weight",
                new SafeTensors.Tensor(new long[] {2, 2}, new float[] {slope, 0, 0, slope}),
            "linear.bias", new SafeTensors.Tensor(new long[] {2}, biases));
    return Classifier.load(
        Classifiers.design(new TinyNet(2, 1, false), SHAPE, 2, Precision.FLOAT32),
        new SafeTensors(tensors));
  }
}
