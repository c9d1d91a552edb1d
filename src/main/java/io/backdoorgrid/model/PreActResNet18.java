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

/**
 * Pre-activation ResNet-18 (He et al., ECCV 2016) as the backdoor literature uses it: a bare 3x3
 * stem; blocks of batch-norm, ReLU, convolution, twice; projections are bare 1x1 convolutions of
 * the activated input; no final batch-norm.
 *
 * <p>Only the first convolution of a block is followed directly by a batch-norm. The others write
 * into the residual stream and stand without one in {@link Network#units}.
 *
 * @param width channels of the first stage, doubled by each later one; 64 in the papers
 */
@Algorithm("preactresnet18")
public record PreActResNet18(int width) implements Architecture {

  public PreActResNet18 {
    require(width >= 1 && width <= 256, "width must be from 1 to 256, got %d", width);
  }

  /** The papers' width. */
  public PreActResNet18() {
    this(64);
  }

  @Override
  public Network build(ImageShape input, int classes) {
    return new PreActResNet(input.channels(), width, classes);
  }

  @Override
  public double gigaMultiplications(ImageShape input) {
    return Stages.gigaMultiplications(input, width);
  }

  private static final class PreActResNet extends Network {
    private final Conv2d stem;
    private final List<PreActBlock> blocks = new ArrayList<>();
    private final Linear linear;
    private final List<ConvUnit> units = new ArrayList<>();

    PreActResNet(int channels, int width, int classes) {
      stem = add("conv1", new Conv2d(channels, width, 3, 1));
      int in = width;
      for (Stages.Block block : Stages.of(width)) {
        blocks.add(
            add(
                block.name(),
                new PreActBlock(in, block.channels(), block.stride(), block.projects())));
        in = block.channels();
      }
      linear = add("linear", new Linear(in, classes));
      listUnits(Stages.of(width));
    }

    private void listUnits(List<Stages.Block> names) {
      units.add(bare("conv1", stem, Stages.readersOfStream(names, 0)));
      for (int i = 0; i < blocks.size(); i++) {
        String prefix = names.get(i).name();
        PreActBlock block = blocks.get(i);
        List<String> readers = Stages.readersOfStream(names, i + 1);
        units.add(
            new ConvUnit(
                prefix + ".conv1",
                block.first.conv(),
                Optional.of(block.first.norm()),
                List.of(prefix + ".conv2")));
        units.add(bare(prefix + ".conv2", block.second, readers));
        block.shortcut.ifPresent(
            shortcut -> units.add(bare(prefix + ".shortcut.0", shortcut, readers)));
      }
    }

    private static ConvUnit bare(String name, Conv2d conv, List<String> consumers) {
      return new ConvUnit(name, conv, Optional.empty(), consumers);
    }

    @Override
    public NDArray features(NDArray images, boolean training) {
      NDArray x = stem.apply(images);
      for (PreActBlock block : blocks) {
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
      return blocks.stream().map(block -> block.first).toList();
    }
  }

  private static final class PreActBlock extends Layer {
    private final BatchNorm2d norm;
    private final ConvNorm first;
    private final Conv2d second;
    private final Optional<Conv2d> shortcut;

    PreActBlock(int in, int out, int stride, boolean projects) {
      norm = add("bn1", new BatchNorm2d(in));
      first =
          new ConvNorm(
              add("conv1", new Conv2d(in, out, 3, stride)), add("bn2", new BatchNorm2d(out)));
      second = add("conv2", new Conv2d(out, out, 3, 1));
      shortcut =
          projects
              ? Optional.of(add("shortcut.0", new Conv2d(in, out, 1, stride)))
              : Optional.empty();
    }

    NDArray apply(NDArray x, boolean training) {
      NDArray activated = norm.applyRelu(x, training);
      NDArray kept = shortcut.isPresent() ? shortcut.get().apply(activated) : x;
      return Ops.add(second.apply(first.applyRelu(activated, training)), kept);
    }
  }
}
