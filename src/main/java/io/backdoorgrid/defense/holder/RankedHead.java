package io.backdoorgrid.defense.holder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.FeatureExtractor;
import java.util.ArrayList;
import java.util.List;

/**
 * The input of {@link HolderPruning}: an extractor and a trained head with the scores of its hidden
 * neurons, none of them pruned yet.
 */
public final class RankedHead implements AutoCloseable {

  private final FeatureExtractor extractor;
  private final ScaledHead head;
  private final double[] scores;

  /**
   * @param extractor closed with this head
   */
  RankedHead(FeatureExtractor extractor, ScaledHead head, double[] scores) {
    this.extractor = extractor;
    this.head = head;
    this.scores = scores.clone();
  }

  /** One score per hidden neuron; the largest go first. */
  public double[] scores() {
    return scores.clone();
  }

  /**
   * The predicted class of every image at each number of pruned neurons; features are computed
   * once.
   *
   * @param counts from 0 to the number of neurons, ascending
   */
  public List<int[]> predictions(LabeledImages images, List<Integer> counts) {
    var predictions = new ArrayList<int[]>();
    try (NDManager scope = extractor.manager().newSubManager()) {
      NDArray features = extractor.features(scope, images);
      ScaledHead copy = ScaledHead.load(scope, head.weights(), head.clip());
      for (int count : counts) {
        copy.head().prune(new PruningRule.Count(count).pruned(scores));
        predictions.add(copy.predictions(features));
      }
    }
    return predictions;
  }

  @Override
  public void close() {
    extractor.close();
  }
}
