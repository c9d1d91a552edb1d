package io.backdoorgrid.run.schedule;

import io.backdoorgrid.run.schedule.Job.Place;
import io.backdoorgrid.run.task.Outcome;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Jobs that wait for Spark, longest first by what is known of their cost now.
 *
 * <p>Spark starts what it was given in the order in which it was given it. To keep the choice open,
 * the queue hands over only a few jobs more than are running: when one starts, the next follows. So
 * it does not have to know how many executors there are, or when more arrive.
 */
final class JobQueue implements AutoCloseable {

  /** Jobs of a place that Spark has and has not started: enough that no executor waits for us. */
  static final int AHEAD = 4;

  private static final long RANKING_PERIOD_NANOS = 1_000_000_000L;

  /** Runs a job to its end; the ticket is what {@link #started} will be told. */
  interface Runner {
    List<Outcome> run(Job job, int ticket);
  }

  private record Waiting(
      Job job, double seconds, int ticket, CompletableFuture<List<Outcome>> outcomes) {

    Waiting ranked(CostModel costs) {
      return new Waiting(job, costs.seconds(job.work()), ticket, outcomes);
    }
  }

  private final class Lane {
    private final Set<Integer> handedOver = new HashSet<>();
    private PriorityQueue<Waiting> waiting = ranking(List.of());
    private long rankedAt = System.nanoTime();

    private PriorityQueue<Waiting> ranking(List<Waiting> jobs) {
      var queue =
          new PriorityQueue<Waiting>(
              Comparator.comparingDouble((Waiting w) -> -w.seconds())
                  .thenComparingInt(Waiting::ticket));
      queue.addAll(jobs);
      return queue;
    }

    void handOver() {
      if (System.nanoTime() - rankedAt >= rankingPeriodNanos) {
        waiting = ranking(waiting.stream().map(w -> w.ranked(costs)).toList());
        rankedAt = System.nanoTime();
      }
      while (handedOver.size() < AHEAD && !waiting.isEmpty()) {
        Waiting next = waiting.poll();
        handedOver.add(next.ticket());
        try {
          threads.execute(() -> run(next));
        } catch (RuntimeException | Error e) { // no thread to be had
          handedOver.remove(next.ticket());
          next.outcomes().completeExceptionally(e);
        }
      }
    }
  }

  private final CostModel costs;
  private final long rankingPeriodNanos;
  private final Runner runner;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Place, Lane> lanes = new EnumMap<>(Place.class);
  private int tickets;
  private boolean open;

  JobQueue(CostModel costs, Runner runner) {
    this(costs, RANKING_PERIOD_NANOS, runner);
  }

  /**
   * @param rankingPeriodNanos how long jobs keep their order, whatever was learned since
   */
  JobQueue(CostModel costs, long rankingPeriodNanos, Runner runner) {
    this.costs = costs;
    this.rankingPeriodNanos = rankingPeriodNanos;
    this.runner = runner;
    for (Place place : Place.values()) {
      lanes.put(place, new Lane());
    }
  }

  synchronized CompletableFuture<List<Outcome>> submit(Job job) {
    var outcomes = new CompletableFuture<List<Outcome>>();
    var waiting = new Waiting(job, 0, tickets++, outcomes).ranked(costs);
    lanes.get(job.place()).waiting.add(waiting);
    handOver();
    return outcomes;
  }

  /** From now on jobs are handed over; those that were submitted before are all compared first. */
  synchronized void open() {
    open = true;
    handOver();
  }

  /** Spark has started that job's task, or has ended the job without. */
  synchronized void started(int ticket) {
    lanes.values().forEach(lane -> lane.handedOver.remove(ticket));
    handOver();
  }

  private void handOver() {
    if (open) {
      lanes.values().forEach(Lane::handOver);
    }
  }

  /** On a thread of its own, which waits for Spark. */
  private void run(Waiting next) {
    try {
      next.outcomes().complete(runner.run(next.job(), next.ticket()));
    } catch (Throwable e) {
      next.outcomes().completeExceptionally(e);
    } finally {
      started(next.ticket());
    }
  }

  @Override
  public synchronized void close() {
    open = false;
    lanes.values().forEach(lane -> lane.waiting.clear());
    threads.shutdownNow();
  }
}
