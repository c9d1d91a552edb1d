package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.task.Outcome;
import java.io.PrintWriter;
import java.util.List;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on a terminal: finished cells scroll by above a bar that says what is going on. */
public final class ProgressScreen extends ProgressLog {

  private static final String CLEAR_LINE = "\r\u001b[K";
  private static final int DEFAULT_WIDTH = 100;

  private final PrintWriter out;
  private ProgressBar bar;

  public ProgressScreen(PrintWriter out) {
    super(out);
    this.out = out;
  }

  @Override
  public void started(PlanStatus workload, Slots slots) {
    super.started(workload, slots);
    int width = Terminal.width() > 0 ? Terminal.width() : DEFAULT_WIDTH;
    bar =
        new ProgressBarBuilder()
            .setTaskName("cells")
            .setInitialMax(workload.pending().size())
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BAR)
            .hideEta() // it counts cells; ours counts their cost
            .setUpdateIntervalMillis(1_000)
            .setConsumer(new DelegatingProgressBarConsumer(this::draw, width - 1))
            .build();
  }

  private void draw(String text) {
    out.print(CLEAR_LINE + text.stripTrailing());
    out.flush();
  }

  @Override
  public void ended(Trial trial, Outcome outcome) {
    super.ended(trial, outcome);
    bar.step();
  }

  @Override
  public void running(List<String> notes) {
    bar.setExtraMessage(pace().rest() + (notes.isEmpty() ? "" : " · " + String.join(" · ", notes)));
  }

  @Override
  public void finished() {
    bar.setExtraMessage("");
    bar.close();
    out.print(CLEAR_LINE);
    out.flush();
  }

  @Override
  void print(String text) {
    write(CLEAR_LINE + text);
  }
}
