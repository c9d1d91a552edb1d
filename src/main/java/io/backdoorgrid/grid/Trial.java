package io.backdoorgrid.grid;

import java.io.Serializable;

/**
 * One cell of the grid: a victim and a defense.
 *
 * @param id identity over the victim's id, the defense and those shared settings that the defense
 *     uses
 * @param extractor the pretrained features that the defense starts from, {@link Spec#NONE} where it
 *     uses none
 * @param cleanRatio share of the data set's training images that the defense may see, 0 where it
 *     sees none
 */
public record Trial(TrialId id, Victim victim, Spec defense, Spec extractor, double cleanRatio)
    implements Serializable {

  /** Whether the extractor is part of this cell. */
  public boolean usesExtractor() {
    return !extractor.equals(Spec.NONE);
  }
}
