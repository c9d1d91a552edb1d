package io.backdoorgrid.cli.screen;

import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.run.outside.Behavior;
import io.backdoorgrid.run.outside.GivenImages;
import io.backdoorgrid.run.outside.GivenModel;
import io.backdoorgrid.run.outside.Outliers;
import io.backdoorgrid.run.outside.Share;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is told of a network that somebody was given, for people and for programs. */
public final class ModelReport {

  /** More calls of a pickle than that are counted. */
  private static final int SHOWN_CALLS = 6;

  private final PrintWriter out;
  private final Map<String, Object> json = new LinkedHashMap<>();
  private final List<Object> outliers = new ArrayList<>();
  private final List<Object> repairs = new ArrayList<>();

  public ModelReport(PrintWriter out) {
    this.out = out;
    json.put("format", 1);
  }

  /** All that was told, in snake_case. */
  public Map<String, Object> json() {
    return json;
  }

  private void line(String what, String words, Object... values) {
    out.printf("  %-12s %s%n", what, words.formatted(values));
  }

  /** What the file is. */
  public void model(GivenModel model) {
    out.println(model.path());
    String key = model.file().key();
    line(
        "file",
        "%s, %s%s, sha256 %s",
        model.file().container(),
        Counts.of(model.file().tensors().size(), "tensor"),
        key.isEmpty() ? "" : " under " + Names.quote(key),
        model.sha256());
    List<String> calls = model.file().calls();
    if (!calls.isEmpty()) {
      line(
          "pickle",
          "loading it in PyTorch would call %s%s",
          calls.stream().limit(SHOWN_CALLS).map(Names::printable).collect(Collectors.joining(", ")),
          calls.size() > SHOWN_CALLS ? " and " + (calls.size() - SHOWN_CALLS) + " more" : "");
    }
    line(
        "network",
        "%s of width %d, %s",
        model.network().name(),
        model.network().width(),
        model.network().classes() + " classes");
    var file = new LinkedHashMap<String, Object>();
    file.put("path", model.path().toString());
    file.put("sha256", model.sha256());
    file.put("container", model.file().container().toString());
    file.put("tensors", model.file().tensors().size());
    file.put(
        "types",
        model.file().tensors().values().stream()
            .map(tensor -> tensor.type().name())
            .distinct()
            .sorted()
            .toList());
    file.put("metadata", model.file().metadata());
    json.put("file", file);
    json.put("pickle", Map.of("calls", calls));
    var architecture = new LinkedHashMap<String, Object>();
    architecture.put("name", model.network().name());
    architecture.put("width", model.network().width());
    architecture.put("classes", model.network().classes());
    architecture.put("weights_key", key);
    json.put("architecture", architecture);
  }

  /**
   * What no data can tell.
   *
   * @param reference the same of a network that is known to be clean
   */
  public void outliers(Outliers found, Optional<Outliers> reference) {
    line(
        found.defense(),
        "%,d of %s stand out%s",
        found.channels().size(),
        Counts.of(found.allChannels(), "channel"),
        reference
            .map(clean -> "; of the reference %,d".formatted(clean.channels().size()))
            .orElse(""));
    found.layers().forEach((layer, channels) -> layer(found, reference, layer, channels));
    found
        .suspect()
        .ifPresent(
            suspect ->
                line(
                    "",
                    "the last layer favors class %d (mean weight %.4f)%s",
                    suspect.label(),
                    suspect.score(),
                    reference
                        .flatMap(Outliers::suspect)
                        .map(clean -> "; that of the reference class " + clean.label())
                        .orElse("")));
    outliers.add(outliersJson(found, reference));
    json.put("outliers", outliers);
  }

  private void layer(Outliers found, Optional<Outliers> reference, String layer, int channels) {
    List<Findings.Channel> outlying = found.in(layer);
    if (!outlying.isEmpty()) {
      line(
          "",
          "%-28s %3d of %4d%s: %s",
          layer,
          outlying.size(),
          channels,
          reference.map(clean -> " (%d)".formatted(clean.in(layer).size())).orElse(""),
          outlying.stream()
              .limit(SHOWN_CALLS)
              .map(channel -> Integer.toString(channel.channel()))
              .collect(Collectors.joining(", ", "", outlying.size() > SHOWN_CALLS ? ", …" : "")));
    }
  }

  private static Map<String, Object> outliersJson(Outliers found, Optional<Outliers> reference) {
    var one = new LinkedHashMap<String, Object>();
    one.put("defense", found.defense());
    one.put("channels", found.allChannels());
    one.put("outlying", found.channels().size());
    one.put("outlying_of_reference", reference.map(r -> (Object) r.channels().size()).orElse(null));
    one.put("suspect_class", found.suspect().map(s -> (Object) s.label()).orElse(null));
    one.put(
        "layers",
        found.layers().entrySet().stream()
            .filter(layer -> !found.in(layer.getKey()).isEmpty())
            .map(
                layer ->
                    Map.of(
                        "name", layer.getKey(),
                        "channels", layer.getValue(),
                        "outlying",
                            found.in(layer.getKey()).stream()
                                .map(
                                    c ->
                                        Map.of(
                                            "index", c.channel(),
                                            "score", c.score(),
                                            "limit", c.limit()))
                                .toList()))
            .toList());
    return one;
  }

  /** On which images, and how they are normalized. */
  public void images(GivenImages given, GivenImages.Choice choice) {
    line(
        "images",
        "%s of %s, normalized as %s%s",
        Counts.of(given.images().size(), "image"),
        given.images().shape(),
        choice.name(),
        choice.accuracies().isEmpty() ? "" : ", with which the model does best: " + tried(choice));
    var images = new LinkedHashMap<String, Object>();
    images.put("count", given.images().size());
    images.put("shape", given.images().shape().toString());
    images.put("normalization", choice.name());
    images.put("mean", floats(choice.normalization().mean()));
    images.put("deviation", floats(choice.normalization().deviation()));
    var accuracies = new LinkedHashMap<String, Object>();
    choice.accuracies().forEach((name, share) -> accuracies.put(name, share.percent()));
    images.put("tried", accuracies);
    json.put("images", images);
  }

  private static List<Float> floats(float[] values) {
    var list = new ArrayList<Float>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  private static String tried(GivenImages.Choice choice) {
    return choice.accuracies().entrySet().stream()
        .map(entry -> "%s %.1f".formatted(entry.getKey(), entry.getValue().percent()))
        .collect(Collectors.joining(", "));
  }

  /** What the network makes of them. */
  public void behavior(Behavior behavior) {
    line("ACC", "%s", interval(behavior.accuracy()));
    int worst = 0;
    for (int label = 1; label < behavior.ofClasses().size(); label++) {
      Share share = behavior.ofClasses().get(label);
      if (share.count() > 0 && share.percent() < behavior.ofClasses().get(worst).percent()) {
        worst = label;
      }
    }
    line(
        "",
        "by class %s; the worst is class %d",
        behavior.ofClasses().stream()
            .map(share -> share.count() == 0 ? "-" : "%.0f".formatted(share.percent()))
            .collect(Collectors.joining(" ")),
        worst);
    line(
        "ASR", "%s", behavior.asr().map(ModelReport::interval).orElse("unknown: no trigger given"));
    line("RA", "%s", behavior.ra().map(ModelReport::interval).orElse("unknown: no trigger given"));
    json.put("clean", clean(behavior));
    json.put("trigger", behavior.asr().isEmpty() ? null : attacked(behavior));
  }

  /**
   * Patches that lead to the classes.
   *
   * @param files with pictures of those of suspected classes
   */
  public void reversed(Findings findings, List<Path> files) {
    var classes = new ArrayList<Map<String, Object>>();
    for (Findings.ScoredClass scored : findings.classes()) {
      double index = at("anomaly-index", scored.label(), findings);
      double success = at("success", scored.label(), findings);
      if (scored.suspected()) {
        line(
            "nc",
            "class %d stands out: a patch of %.1f pixels leads to it from %.0f %% of the images"
                + " (anomaly index %.1f)",
            scored.label(),
            scored.score(),
            success,
            index);
      }
      var one = new LinkedHashMap<String, Object>();
      one.put("class", scored.label());
      one.put("pixels", scored.score());
      one.put("anomaly_index", index);
      one.put("success_percent", success);
      one.put("suspected", scored.suspected());
      classes.add(one);
    }
    if (files.isEmpty()) {
      line("nc", "no class is reached by a much smaller patch than the others");
    }
    line(
        "",
        "pixels by class %s",
        findings.classes().stream()
            .map(scored -> String.format(Locale.ROOT, "%.1f", scored.score()))
            .collect(Collectors.joining(" ")));
    files.forEach(file -> line("", "%s", file));
    json.put("reversed_triggers", classes);
  }

  private static double at(String curve, int label, Findings findings) {
    return findings.points().stream()
        .filter(point -> point.curve().equals(curve) && point.at() == label)
        .mapToDouble(Findings.Point::value)
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> clean(Behavior behavior) {
    var clean = new LinkedHashMap<>(share(behavior.accuracy()));
    clean.put(
        "by_class",
        behavior.ofClasses().stream()
            .map(share -> share.count() == 0 ? null : share.percent())
            .toList());
    return clean;
  }

  private static Map<String, Object> attacked(Behavior behavior) {
    return Map.of(
        "asr", share(behavior.asr().orElseThrow()), "ra", share(behavior.ra().orElseThrow()));
  }

  private static Map<String, Object> share(Share share) {
    var json = new LinkedHashMap<String, Object>();
    json.put("percent", share.percent());
    json.put("interval", Arrays.asList(share.least(), share.most()));
    json.put("images", share.count());
    return json;
  }

  private static String interval(Share share) {
    return String.format(
        Locale.ROOT,
        "%.1f (95 %% between %.1f and %.1f)",
        share.percent(),
        share.least(),
        share.most());
  }

  /**
   * A defense's effect, as a line of the table that {@link #repairsHead} begins.
   *
   * @param before the network without it
   * @param after with it; empty where there are no images
   */
  public void repair(
      String defense,
      Map<String, Long> counts,
      double seconds,
      Optional<Behavior> before,
      Optional<Behavior> after) {
    out.printf(
        REPAIR,
        defense,
        counts.isEmpty() ? "" : counts.get("pruned-channels"),
        text(after.map(Behavior::accuracy)),
        text(after.flatMap(Behavior::asr)),
        text(after.flatMap(Behavior::ra)),
        text(after.map(b -> b.changedBy(before.orElseThrow()))),
        "%.2f".formatted(seconds));
    var one = new LinkedHashMap<String, Object>();
    one.put("defense", defense);
    one.put("counts", counts);
    one.put("seconds", seconds);
    one.put("clean", after.map(ModelReport::clean).orElse(null));
    one.put(
        "trigger", after.filter(b -> b.asr().isPresent()).map(ModelReport::attacked).orElse(null));
    one.put(
        "changed_percent",
        after.map(b -> (Object) b.changedBy(before.orElseThrow()).percent()).orElse(null));
    repairs.add(one);
    json.put("repairs", repairs);
  }

  private static final String REPAIR = "  %-24s %8s %7s %7s %7s %9s %9s%n";

  /** The heads of the columns, and the network as it is. */
  public void repairsHead(Optional<Behavior> before) {
    out.println();
    out.printf(REPAIR, "defense", "pruned", "ACC", "ASR", "RA", "changed", "seconds");
    out.printf(
        REPAIR,
        "as it is",
        "",
        text(before.map(Behavior::accuracy)),
        text(before.flatMap(Behavior::asr)),
        text(before.flatMap(Behavior::ra)),
        "",
        "");
  }

  private static String text(Optional<Share> share) {
    return share.map(s -> String.format(Locale.ROOT, "%.1f", s.percent())).orElse("-");
  }

  /** What the findings do not mean. */
  public void notes(List<String> notes) {
    out.println();
    notes.forEach(out::println);
    json.put("notes", notes);
  }
}
