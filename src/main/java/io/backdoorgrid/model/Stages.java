package io.backdoorgrid.model;

import io.backdoorgrid.data.ImageShape;
import java.util.ArrayList;
import java.util.List;

/** The layout that ResNet-18 and PreAct-ResNet18 share: four stages of two blocks. */
final class Stages {

  private static final int STAGES = 4;
  private static final int BLOCKS_PER_STAGE = 2;

  /**
   * @param name as in PyTorch, such as {@code layer2.0}
   * @param channels of its output
   * @param projects whether a convolution replaces the identity shortcut
   */
  record Block(String name, int channels, int stride, boolean projects) {}

  private Stages() {}

  static List<Block> of(int width) {
    var blocks = new ArrayList<Block>();
    for (int stage = 0; stage < STAGES; stage++) {
      for (int i = 0; i < BLOCKS_PER_STAGE; i++) {
        boolean shrinks = stage > 0 && i == 0;
        blocks.add(
            new Block("layer" + (stage + 1) + "." + i, width << stage, shrinks ? 2 : 1, shrinks));
      }
    }
    return blocks;
  }

  /**
   * The layers that read what is added to the residual stream before block {@code from}: the first
   * convolutions of the following blocks, as far as identity shortcuts carry it, or the head.
   */
  static List<String> readersOfStream(List<Block> blocks, int from) {
    var readers = new ArrayList<String>();
    for (Block block : blocks.subList(from, blocks.size())) {
      readers.add(block.name() + ".conv1");
      if (block.projects()) {
        readers.add(block.name() + ".shortcut.0");
        return readers;
      }
    }
    readers.add("linear");
    return readers;
  }

  /** Of the convolutions; the rest is negligible. */
  static double gigaMultiplications(ImageShape input, int width) {
    double area = (double) input.height() * input.width();
    double sum = area * 9 * input.channels() * width;
    int in = width;
    for (Block block : of(width)) {
      area /= block.stride() * block.stride();
      sum += area * 9 * block.channels() * (in + block.channels());
      sum += block.projects() ? area * in * block.channels() : 0;
      in = block.channels();
    }
    return sum / 1e9;
  }
}
