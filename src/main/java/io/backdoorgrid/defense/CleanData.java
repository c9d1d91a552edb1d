package io.backdoorgrid.defense;

import io.backdoorgrid.data.LabeledImages;

/** Everything that a {@link CleanDataDefense} receives besides the victim. */
public interface CleanData extends Workspace {

  /** All clean images, held out from the victim's training by default. */
  LabeledImages images();

  /**
   * Holds out validation images at random: the same ones for all trials on these images, so that
   * they can share results computed from the others. A larger share contains the smaller one.
   *
   * @param share of the images to hold out, above 0 and below 1
   * @throws IllegalArgumentException if one of the two parts would be empty
   */
  HoldOut holdOut(double share);
}
