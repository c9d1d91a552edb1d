package io.backdoorgrid.model;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Conv2d;
import io.backdoorgrid.torch.ConvNorm;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * ResNet-18 (He et al., CVPR 2016) with the stem for small images: one 3x3 convolution, no
 * max-pooling; four stages of two basic blocks; 1x1 projections where the shape changes.
 *
 * @param width channels of the first stage, doubled by each later one; 64 in the papers
 */
@Algorithm("resnet18")
public record ResNet18(int width) implements Architecture {

  public ResNet18 {
    require(width >= 1 && width <= 256, "width must be from 1 to 256, got %d", width);
  }

  /** The papers' width. */
  public ResNet18() {
    this(64);
  }

  @Override
  public Network build(ImageShape input, int classes) {
    return new ResNet(input.channels(), width, classes);
  }

  @Override
  public double gigaMultiplications(ImageShape input) {
    return Stages.gigaMultiplications(input, width);
  }

  private static final class ResNet extends Network {
    private final ConvNorm stem;
    private final List<BasicBlock> blocks = new ArrayList<>();
    private final Linear linear;
    private final List<ConvUnit> units = new ArrayList<>();

    ResNet(int channels, int width, int classes) {
      stem =
          new ConvNorm(
              add("conv1", new Conv2d(channels, width, 3, 1)), add("bn1", new BatchNorm2d(width)));
      int in = width;
      for (Stages.Block block : Stages.of(width)) {
        blocks.add(add(block.name(), new BasicBlock(in, block.channels(), block.stride())));
        in = block.channels();
      }
      linear = add("linear", new Linear(in, classes));
      listUnits(Stages.of(width));
    }

    private void listUnits(List<Stages.Block> names) {
      units.add(unit("conv1", stem, Stages.readersOfStream(names, 0)));
      for (int i = 0; i < blocks.size(); i++) {
        String prefix = names.get(i).name();
        BasicBlock block = blocks.get(i);
        List<String> readers = Stages.readersOfStream(names, i + 1);
        units.add(unit(prefix + ".conv1", block.first, List.of(prefix + ".conv2")));
        units.add(unit(prefix + ".conv2", block.second, readers));
        block.shortcut.ifPresent(
            shortcut -> units.add(unit(prefix + ".shortcut.0", shortcut, readers)));
      }
    }

    private static ConvUnit unit(String name, ConvNorm layer, List<String> consumers) {
      return new ConvUnit(name, layer.conv(), Optional.of(layer.norm()), consumers);
    }

    @Override
    public NDArray features(NDArray images, boolean training) {
      NDArray x = stem.applyRelu(images, training);
      for (BasicBlock block : blocks) {
        x = block.apply(x, training);
      }
      return Ops.globalAveragePool(x);
    }

    @Override
    public Linear head() {
      return linear;
    }

    @Override
    public List<ConvUnit> units() {
      return List.copyOf(units);
    }

    @Override
    protected List<ConvNorm> convNorms() {
      return Stream.concat(Stream.of(stem), blocks.stream().flatMap(BasicBlock::convNorms))
          .toList();
    }
  }

  private static final class BasicBlock extends Layer {
    private final ConvNorm first;
    private final ConvNorm second;
    private final Optional<ConvNorm> shortcut;

    BasicBlock(int in, int out, int stride) {
      first =
          new ConvNorm(
              add("conv1", new Conv2d(in, out, 3, stride)), add("bn1", new BatchNorm2d(out)));
      second =
          new ConvNorm(add("conv2", new Conv2d(out, out, 3, 1)), add("bn2", new BatchNorm2d(out)));
      shortcut =
          stride == 1 && in == out
              ? Optional.empty()
              : Optional.of(
                  new ConvNorm(
                      add("shortcut.0", new Conv2d(in, out, 1, stride)),
                      add("shortcut.1", new BatchNorm2d(out))));
    }

    Stream<ConvNorm> convNorms() {
      return Stream.concat(Stream.of(first, second), shortcut.stream());
    }

    NDArray apply(NDArray x, boolean training) {
      NDArray kept = shortcut.isPresent() ? shortcut.get().apply(x, training) : x;
      return second.applyAddRelu(first.applyRelu(x, training), kept, training);
    }
  }
}
