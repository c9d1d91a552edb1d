package io.backdoorgrid.train;

import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Checkpoints in memory, of every epoch. */
public final class KeptCheckpoints implements Checkpoints {
  private final Map<Integer, byte[]> states = new TreeMap<>();
  private final Optional<Checkpoint> latest;

  /**
   * @param latest where a training goes on
   */
  public KeptCheckpoints(Optional<Checkpoint> latest) {
    this.latest = latest;
  }

  /** The files of all checkpoints, by the number of epochs that were done. */
  public Map<Integer, byte[]> states() {
    return states;
  }

  @Override
  public Optional<Checkpoint> latest() {
    return latest;
  }

  @Override
  public void epochDone(int epochs, Supplier<SafeTensors> state) {
    states.put(epochs, state.get().toBytes());
  }
}
