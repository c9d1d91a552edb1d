package io.backdoorgrid.data.batch;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Assembles batches in plain memory; a training loop goes through them in any order. */
public interface Batches {

  /** How many images an epoch has. */
  int size();

  /** Bytes of a batch of {@code count} images at most, all of its views together. */
  int bytes(int count);

  /** Called before the first batch of every epoch, for batches that change from one to the next. */
  default void startEpoch() {}

  /**
   * Puts the images at {@code order[from]} to {@code order[to - 1]} into {@code target}.
   *
   * @param order numbers from 0 to {@link #size()} - 1
   * @param epoch counted from 0
   */
  void fill(ByteBuffer target, int[] order, int from, int to, int epoch, RandomGenerator random);

  /** The labels of the same batch. */
  long[] labels(int[] order, int from, int to);

  /**
   * How many images of a batch are changed if a share of all images is. Rounded so that an epoch
   * has exactly that share.
   *
   * @param share 0 to 1
   * @param from where the batch starts in the epoch
   * @param to where the next one starts
   */
  static int share(double share, int from, int to) {
    return (int) Math.round(share * to) - (int) Math.round(share * from);
  }
}
