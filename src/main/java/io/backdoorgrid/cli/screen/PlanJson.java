package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.report.Json;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.schedule.Forecast;
import io.backdoorgrid.run.schedule.PlanStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What {@code plan} tells, for programs. */
public record PlanJson(PlanStatus workload, Forecast forecast, Slots slots, String out) {

  /**
   * @param cells whether each is listed
   */
  public String text(boolean cells) {
    Plan plan = workload.plan();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("plan", plan.name());
    json.put("trials", plan.trials().size());
    json.put("victims", plan.victims().size());
    json.put("duplicates", plan.duplicates());
    json.put("excluded", plan.excluded());
    json.put("skipped", plan.skips());
    json.put("caption", plan.caption());
    json.put("out", out);
    json.put("done", workload.rows().size());
    json.put("failed", workload.failures().size());
    json.put("to-do", workload.pending().size());
    json.put("victims-to-train", workload.victimsToTrain().size());
    json.put("extractors-to-train", workload.extractorsToTrain().size());
    json.put("core-seconds", Math.round(forecast.coreSeconds()));
    json.put(
        "seconds",
        List.of(Math.round(forecast.leastSeconds()), Math.round(forecast.mostSeconds())));
    json.put("estimated-by", forecast.basis().toString());
    json.put("on", slots.where());
    json.put("bytes", Math.round(forecast.bytes()));
    if (cells) {
      Function<Trial, String> labels = Cells.labels(plan);
      json.put("cells", plan.cells().stream().map(cell -> cell(cell, labels)).toList());
    }
    return Json.pretty(json);
  }

  private Map<String, Object> cell(Trial cell, Function<Trial, String> labels) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("trial", cell.id().toString());
    json.put("victim", cell.victim().id().toString());
    json.put("state", workload.mark(cell).strip());
    json.put("label", labels.apply(cell));
    return json;
  }
}
