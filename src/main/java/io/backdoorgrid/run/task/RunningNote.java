package io.backdoorgrid.run.task;

import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.train.TrainingListener;
import java.util.function.Consumer;

/**
 * The current activity of a task, noted in the store for people who watch. Failing to write it
 * never fails the task.
 */
public final class RunningNote implements AutoCloseable {

  private final Store store;
  private final String id;

  public RunningNote(Store store, String id) {
    this.store = store;
    this.id = id;
  }

  void write(String text) {
    try {
      store.writeNote(id, text);
    } catch (StoreException e) {
      // Watching is a convenience; the next commit will tell if the store is really gone.
    }
  }

  /** Notes every epoch of a training. */
  public TrainingListener progress(String what) {
    return progress(what, this::write);
  }

  /** Tells {@code listener} of every epoch, in the same words. */
  public static TrainingListener progress(String what, Consumer<String> listener) {
    return (epoch, epochs, loss) ->
        listener.accept(
            "training %s: epoch %d of %d, loss %.3f".formatted(what, epoch, epochs, loss));
  }

  @Override
  public void close() {
    try {
      store.removeNote(id);
    } catch (StoreException e) {
      // A note left behind is old news to its readers, who look at its age.
    }
  }
}
