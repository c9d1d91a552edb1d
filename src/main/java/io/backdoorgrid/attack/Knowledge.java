package io.backdoorgrid.attack;

import ai.djl.Device;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;

/**
 * The attacker's knowledge: the clean training images, and networks like the victim's. An attack
 * that uses more than the images' shape is specific to a data set and an architecture.
 */
public interface Knowledge {

  /** The victim's training images with their true labels, before poisoning; not to be changed. */
  LabeledImages images();

  /** The device for the victim's training and for networks of the attacker's own. */
  Device device();

  /**
   * A clean network of the victim's architecture, trained on clean images of the same data set by
   * the same recipe. Attacks optimize triggers on it, and some begin their training with it.
   *
   * <p>The store keeps it as a victim without a backdoor, shared by all attacks that need it.
   *
   * @return a copy, to be closed by the caller
   */
  Classifier surrogate();
}
