package io.backdoorgrid.run.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.Grids;
import io.backdoorgrid.run.schedule.Job.Place;
import io.backdoorgrid.run.task.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class JobQueueTest {

  @TempDir Path folder;

  private final LinkedBlockingQueue<Job> begun = new LinkedBlockingQueue<>();
  private final Map<Job, Integer> tickets = new ConcurrentHashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private Trial badnets;
  private Trial wanet;

  @BeforeEach
  void readPlan() {
    List<Trial> trials =
        Grids.plan(
                folder,
                """
                victims: {dataset: cifar10, model: resnet18, attack: [badnets, wanet]}
                defenses: none
                """)
            .trials();
    badnets = trials.get(0);
    wanet = trials.get(1);
  }

  /** Spark, as the queue sees it: every job takes until the end of the test. */
  private List<Outcome> run(Job job, int ticket) {
    tickets.put(job, ticket);
    begun.add(job);
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of();
  }

  private static Job job(Place place, Victim victim, double billions) {
    return new Job(
        place, victim, List.of(), List.of(), Cost.of("train " + victim.attack().name(), billions));
  }

  private Job begun() throws InterruptedException {
    return begun.poll(20, TimeUnit.SECONDS);
  }

  private List<Job> begun(int count) throws InterruptedException {
    var jobs = new ArrayList<Job>();
    for (int i = 0; i < count; i++) {
      jobs.add(begun());
    }
    return jobs;
  }

  @Test
  void handsOverTheLongestAndTheNextAsOneStarts() throws Exception {
    var jobs = new ArrayList<Job>();
    for (int i = 0; i < JobQueue.AHEAD + 3; i++) {
      jobs.add(job(Place.DEVICE, badnets.victim(), i + 1));
    }
    try (var queue = new JobQueue(CostModel.of(List.of(), Map.of()), this::run)) {
      jobs.forEach(queue::submit);
      assertThat(begun).as("all are compared first").isEmpty();
      queue.open();
      List<Job> first = begun(JobQueue.AHEAD);
      assertThat(first).containsExactlyInAnyOrderElementsOf(jobs.subList(3, jobs.size()));
      queue.started(tickets.get(first.get(0)));
      assertThat(begun()).isEqualTo(jobs.get(2));
      queue.started(tickets.get(first.get(0)));
      assertThat(begun.poll(200, TimeUnit.MILLISECONDS))
          .as("told twice, such as of a second attempt")
          .isNull();
    }
  }

  @Test
  void ranksWhatWaitsByWhatWasLearnedMeanwhile() throws Exception {
    CostModel costs = CostModel.of(List.of(), Map.of());
    try (var queue = new JobQueue(costs, 0, this::run)) {
      queue.open();
      for (int i = 0; i < JobQueue.AHEAD; i++) {
        queue.submit(job(Place.DEVICE, badnets.victim(), 1e6));
      }
      List<Job> running = begun(JobQueue.AHEAD);
      Job more = job(Place.DEVICE, badnets.victim(), 1_000);
      Job slower = job(Place.DEVICE, wanet.victim(), 900);
      queue.submit(more);
      queue.submit(slower);
      costs.learn(badnets, Grids.row(badnets, 1, 0));
      costs.learn(wanet, Grids.row(wanet, 100, 0));
      queue.started(tickets.get(running.get(0)));
      assertThat(begun()).as("fewer multiplications, but slow ones").isEqualTo(slower);
    }
  }

  @Test
  void jobsWithoutAGpuDoNotWaitForThoseWithOne() throws Exception {
    try (var queue = new JobQueue(CostModel.of(List.of(), Map.of()), this::run)) {
      queue.open();
      for (int i = 0; i < JobQueue.AHEAD + 1; i++) {
        queue.submit(job(Place.DEVICE, badnets.victim(), 100));
      }
      begun(JobQueue.AHEAD);
      Job processor = job(Place.PROCESSOR, badnets.victim(), 1);
      queue.submit(processor);
      assertThat(begun()).isEqualTo(processor);
    }
  }

  @Test
  void passesOnOutcomesAndErrors() throws Exception {
    end.countDown();
    try (var queue = new JobQueue(CostModel.of(List.of(), Map.of()), this::failOnWaNet)) {
      queue.open();
      var sound = queue.submit(job(Place.DEVICE, badnets.victim(), 1));
      CompletableFuture<List<Outcome>> failing = queue.submit(job(Place.DEVICE, wanet.victim(), 1));
      assertThat(sound.get()).isEmpty();
      assertThat(failing)
          .failsWithin(java.time.Duration.ofSeconds(20))
          .withThrowableOfType(java.util.concurrent.ExecutionException.class)
          .withMessageContaining("no executor");
    }
  }

  private List<Outcome> failOnWaNet(Job job, int ticket) {
    if (job.victim().equals(wanet.victim())) {
      throw new IllegalStateException("no executor");
    }
    return run(job, ticket);
  }
}
