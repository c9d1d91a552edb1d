package io.backdoorgrid.defense;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Predictor;

/** The victim's training set as its trainer got it: what a {@link UntrustedDataDefense} has. */
public interface UntrustedData extends Workspace {

  /** The training images; some may carry a trigger and the attacker's label. */
  LabeledImages images();

  /**
   * Lets the evaluator record how far the defense is. Nothing comes back: a defense is not to learn
   * from it.
   *
   * @param iteration counted from 1
   * @param predictor what the defense would give now
   * @param trusted per training image, whether the defense takes it for clean
   */
  void observe(int iteration, Predictor predictor, boolean[] trusted);
}
