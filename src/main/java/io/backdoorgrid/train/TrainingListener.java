package io.backdoorgrid.train;

/** Is told about the progress of a training, on the training thread. */
public interface TrainingListener {

  /** Listens to nothing. */
  TrainingListener NONE = (epoch, epochs, loss) -> {};

  /**
   * An epoch is done.
   *
   * @param epoch counted from 1
   * @param loss mean over the epoch's steps
   */
  void epochDone(int epoch, int epochs, double loss);

  /**
   * A step is done; what the batch holds is closed after this call.
   *
   * @param loss before the step
   */
  default void stepDone(Batch batch, double loss) {}

  /**
   * The listener for one of several trainings that count as one.
   *
   * @param before number of epochs of the earlier trainings
   * @param all number of epochs of all of them
   */
  default TrainingListener within(int before, int all) {
    TrainingListener whole = this;
    return new TrainingListener() {
      @Override
      public void epochDone(int epoch, int epochs, double loss) {
        whole.epochDone(before + epoch, all, loss);
      }

      @Override
      public void stepDone(Batch batch, double loss) {
        whole.stepDone(batch, loss);
      }
    };
  }
}
