package io.backdoorgrid.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.TorchThread;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class SampleLossesTest {

  /** Of a pixel x the logits are x and 0: losses ln(1 + e^-x) and ln(1 + e^x). */
  @Test
  void measuresEveryImageAlone() {
    var shape = new ImageShape(1, 1, 1);
    var design = Classifiers.design(new TinyNet(1, 1, false), shape, 2, Precision.FLOAT32);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    weights.put("conv.weight", new Tensor(new long[] {1, 1, 1, 1}, new float[] {1}));
    weights.put("linear.weight", new Tensor(new long[] {2, 1}, new float[] {1, 0}));
    weights.put("linear.bias", new Tensor(new long[] {2}, new float[2]));
    var images =
        new LabeledImages(shape, 2, new byte[] {0, (byte) 255, (byte) 255}, new int[] {0, 0, 1});
    try (Classifier classifier = Classifier.load(design, new SafeTensors(weights))) {
      assertThat(crossEntropies(classifier, images))
          .containsExactly(new float[] {0.693147f, 0.313262f, 1.313262f}, within(1e-5f));
    }
  }

  /** More images than an evaluation takes at a time; batch-norms stand still. */
  @Test
  void keepsTheOrderOverSeveralBatches() {
    var shape = new ImageShape(4, 4, 3);
    var design = Classifiers.design(new ResNet18(2), shape, 3, Precision.FLOAT32);
    int count = Classifier.EVALUATION_BATCH + 3;
    LabeledImages images = ToyImages.tinted(shape, count, 1);
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      Map<String, float[]> before = Classifiers.values(classifier);
      float[] losses = crossEntropies(classifier, images);
      float[] last = crossEntropies(classifier, images.select(new int[] {count - 1, count - 2}));
      assertThat(losses).hasSize(count);
      assertThat(last)
          .containsExactly(new float[] {losses[count - 1], losses[count - 2]}, within(1e-5f));
      assertThat(last[0]).isNotEqualTo(last[1]);
      Classifiers.values(classifier)
          .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
    }
  }

  @Test
  void takesAnyLoss() {
    var shape = new ImageShape(2, 2, 3);
    var design = Classifiers.design(new TinyNet(2, 1, true), shape, 3, Precision.FLOAT32);
    LabeledImages images = ToyImages.constant(shape, 3, 7, 2, 0, 1);
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      float[] labels =
          SampleLosses.of(
              classifier, images, (logits, classes) -> classes.toType(logits.getDataType(), false));
      assertThat(labels).containsExactly(2, 0, 1);
    }
  }

  private static float[] crossEntropies(Classifier classifier, LabeledImages images) {
    return SampleLosses.of(classifier, images, Ops::crossEntropies);
  }
}
