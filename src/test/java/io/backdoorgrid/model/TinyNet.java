package io.backdoorgrid.model;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Conv2d;
import io.backdoorgrid.torch.ConvNorm;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Ops;
import java.util.List;
import java.util.Optional;

/**
 * The smallest network that has everything: a convolution, a batch-norm if wanted, ReLU, global
 * average pooling, a linear layer. Names: {@code conv}, {@code norm}, {@code linear}.
 *
 * @param channels of the convolution
 * @param kernel its edge
 * @param normalised whether there is a batch-norm (and a ReLU)
 */
public record TinyNet(int channels, int kernel, boolean normalised) implements Architecture {

  @Override
  public Network build(ImageShape input, int classes) {
    return new Net(input.channels(), this, classes);
  }

  @Override
  public double gigaMultiplications(ImageShape input) {
    return 1e-9;
  }

  private static final class Net extends Network {
    private final Conv2d conv;
    private final Optional<BatchNorm2d> norm;
    private final Optional<ConvNorm> both;
    private final Linear linear;

    Net(int in, TinyNet net, int classes) {
      conv = add("conv", new Conv2d(in, net.channels(), net.kernel(), 1));
      norm =
          net.normalised()
              ? Optional.of(add("norm", new BatchNorm2d(net.channels())))
              : Optional.empty();
      both = norm.map(layer -> new ConvNorm(conv, layer));
      linear = add("linear", new Linear(net.channels(), classes));
    }

    @Override
    public NDArray features(NDArray images, boolean training) {
      NDArray maps = both.isPresent() ? both.get().applyRelu(images, training) : conv.apply(images);
      return Ops.globalAveragePool(maps);
    }

    @Override
    public Linear head() {
      return linear;
    }

    @Override
    public List<ConvUnit> units() {
      return List.of(new ConvUnit("conv", conv, norm, List.of("linear")));
    }

    @Override
    protected List<ConvNorm> convNorms() {
      return both.stream().toList();
    }
  }
}
