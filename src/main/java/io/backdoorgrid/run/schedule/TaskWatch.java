package io.backdoorgrid.run.schedule;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Is told by Spark which jobs' tasks start, and which attempts are lost. */
final class TaskWatch extends SparkListener {

  /** The local property with the job's ticket. */
  static final String TICKET = "backdoorgrid.ticket";

  private static final String DESCRIPTION = "spark.job.description";

  /** Called for an attempt that was lost and is repeated if Spark tries again. */
  interface Losses {
    void lost(String job, int attempt, String place, String reason);
  }

  private record Stage(int ticket, String description) {}

  private final Map<Integer, Stage> stages = new ConcurrentHashMap<>();
  private final IntConsumer started;
  private final Losses losses;

  TaskWatch(IntConsumer started, Losses losses) {
    this.started = started;
    this.losses = losses;
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted event) {
    Properties properties = event.properties();
    String ticket = properties == null ? null : properties.getProperty(TICKET);
    if (ticket != null) {
      stages.put(
          event.stageInfo().stageId(),
          new Stage(Integer.parseInt(ticket), properties.getProperty(DESCRIPTION, "")));
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart event) {
    Stage stage = stages.get(event.stageId());
    if (stage != null) {
      started.accept(stage.ticket());
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    Stage stage = stages.get(event.stageId());
    if (stage != null
        && event.reason() instanceof TaskFailedReason reason
        && !(reason instanceof TaskKilled)) {
      losses.lost(
          stage.description(),
          event.taskInfo().attemptNumber() + 1,
          "executor %s on %s".formatted(event.taskInfo().executorId(), event.taskInfo().host()),
          text(reason));
    } else {
      stages.remove(event.stageId());
    }
  }

  private static String text(TaskFailedReason reason) {
    String text =
        reason instanceof ExceptionFailure failure && failure.description() != null
            ? failure.description()
            : reason.toErrorString();
    return text.lines().findFirst().orElse(text).strip();
  }
}
