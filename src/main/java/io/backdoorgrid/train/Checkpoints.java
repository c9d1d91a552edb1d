package io.backdoorgrid.train;

import io.backdoorgrid.torch.SafeTensors;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps the state of a training from time to time, so that one that was killed goes on and ends
 * with the same bits.
 */
public interface Checkpoints {

  /** Keeps nothing. */
  Checkpoints NONE =
      new Checkpoints() {
        @Override
        public Optional<Checkpoint> latest() {
          return Optional.empty();
        }

        @Override
        public void epochDone(int epochs, Supplier<SafeTensors> state) {}
      };

  /**
   * A training after some epochs.
   *
   * @param epochs that are done, at least 1
   * @param state weights, running statistics, averages, and what else the training remembers
   */
  record Checkpoint(int epochs, SafeTensors state) {}

  /** Where a training is to go on; empty if it is to begin. */
  Optional<Checkpoint> latest();

  /**
   * Some epochs are done, and others follow.
   *
   * @param epochs that are done
   * @param state is worth asking for if it is kept
   */
  void epochDone(int epochs, Supplier<SafeTensors> state);

  /** Those of a part of a training: its epochs count from 0, and behind it are others. */
  default Checkpoints from(int first) {
    Checkpoints whole = this;
    return new Checkpoints() {
      @Override
      public Optional<Checkpoint> latest() {
        return whole
            .latest()
            .filter(checkpoint -> checkpoint.epochs() > first)
            .map(found -> new Checkpoint(found.epochs() - first, found.state()));
      }

      @Override
      public void epochDone(int epochs, Supplier<SafeTensors> state) {
        whole.epochDone(first + epochs, state);
      }
    };
  }
}
