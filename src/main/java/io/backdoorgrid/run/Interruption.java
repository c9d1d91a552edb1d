package io.backdoorgrid.run;

/**
 * What happens when a run is interrupted: by Ctrl-C, or by a SIGTERM of a scheduler. The store
 * needs no help, but a person wants to know where the run stands, and the next one whether this one
 * lives.
 */
final class Interruption implements AutoCloseable {

  private final Thread hook;
  private volatile boolean happened;

  /**
   * @param last what is done before the process ends
   */
  Interruption(Runnable last) {
    hook =
        new Thread(
            () -> {
              happened = true;
              last.run();
            },
            "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Does not return if the process is ending: Spark, which ends itself, makes every task fail by
   * then, and what this thread would say of it is no news.
   */
  void sleepIfEnding() {
    while (happened) {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        // The process ends in any case.
      }
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending.
    }
  }
}
