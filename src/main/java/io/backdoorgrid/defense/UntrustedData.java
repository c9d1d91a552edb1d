package io.backdoorgrid.defense;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Predictor;

/**
 * Everything that an {@link UntrustedDataDefense} receives: the victim's training set, poison
 * included.
 */
public interface UntrustedData extends Workspace {

  /** The training images; some may carry a trigger and the attacker's label. */
  LabeledImages images();

  /**
   * Lets the evaluator record the progress of the defense. Nothing is returned: a defense must not
   * learn from it.
   *
   * @param iteration counted from 1
   * @param predictor the model that the defense would return now
   * @param trusted per training image, whether the defense considers it clean
   */
  void observe(int iteration, Predictor predictor, boolean[] trusted);
}
