package io.backdoorgrid.attack;

import ai.djl.Device;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;

/**
 * What an attacker knows: the clean training images, and networks like the victim's. An attack that
 * asks for more than the images' shape is specific to a data set and to an architecture.
 */
public interface Knowledge {

  /** The victim's training images with their true labels, before poisoning; not to be changed. */
  LabeledImages images();

  /** What the victim is trained on, and networks of the attacker's own are. */
  Device device();

  /**
   * A clean network of the victim's architecture, trained on clean images of the same data set by
   * the same recipe: what attacks optimise a trigger on, and what some begin their training with.
   *
   * <p>The store keeps it as a victim without a backdoor, shared by all that ask.
   *
   * @return a copy, to be closed by the caller
   */
  Classifier surrogate();
}
