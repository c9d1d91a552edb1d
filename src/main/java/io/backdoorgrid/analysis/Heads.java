package io.backdoorgrid.analysis;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.holder.RankedHead;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The heads that Hölder Pruning prunes: the scores of their neurons, whose histogram is figure 13
 * of its paper, and ACC, ASR and RA while one neuron after another is pruned (figures 5 and 9).
 */
final class Heads {

  /** Points of a curve beside its start. */
  private static final int STEPS = 64;

  private Heads() {}

  static List<Sheet> sheets(Subject subject, AnalysisSettings settings) {
    var neurons = new ArrayList<List<?>>();
    var pruning = new ArrayList<List<?>>();
    subject
        .heads()
        .forEach(
            (name, head) -> {
              double[] scores = head.scores();
              for (int i = 0; i < scores.length; i++) {
                neurons.add(List.of(name, i, scores[i]));
              }
              pruning.addAll(curve(name, head, subject));
            });
    return List.of(
        new Sheet("neurons", List.of("head", "neuron", "score"), neurons),
        new Sheet("pruning", List.of("head", "pruned", "acc", "asr", "ra"), pruning));
  }

  private static List<List<?>> curve(String name, RankedHead head, Subject subject) {
    int neurons = head.scores().length;
    List<Integer> counts =
        IntStream.rangeClosed(0, STEPS).map(i -> i * neurons / STEPS).distinct().boxed().toList();
    List<int[]> clean = head.predictions(subject.test(), counts);
    List<int[]> triggered =
        subject.pairs().map(p -> head.predictions(p.triggered(), counts)).orElse(List.of());

    var lines = new ArrayList<List<?>>();
    for (int i = 0; i < counts.size(); i++) {
      OptionalDouble asr = OptionalDouble.empty();
      OptionalDouble ra = OptionalDouble.empty();
      if (subject.pairs().isPresent()) {
        Pairs pairs = subject.pairs().get();
        asr = OptionalDouble.of(LabeledImages.percentEqual(triggered.get(i), pairs.wanted()));
        ra =
            OptionalDouble.of(
                LabeledImages.percentEqual(triggered.get(i), pairs.triggered().labels()));
      }
      double acc = LabeledImages.percentEqual(clean.get(i), subject.test().labels());
      lines.add(List.of(name, counts.get(i), acc, asr, ra));
    }
    return lines;
  }
}
