package io.backdoorgrid.store;

import java.util.Locale;

/** The kinds of objects that the store keeps as a folder of payload files and a manifest. */
public enum ObjectKind {
  /** A trained victim, shared by its trials. */
  VICTIM("a victim", "victims"),
  /** A pretrained feature extractor, shared by several trials. */
  EXTRACTOR("an extractor", "extractors"),
  /** A finished phase of a long trial, after which a killed trial resumes. */
  PHASE("a phase", "phases"),
  /** What a trial's defense learned besides the repaired model; the trial's row names it. */
  FINDINGS("findings", "findings"),
  /** A training after some epochs, with which a killed one goes on; removed when it is done. */
  CHECKPOINT("a checkpoint", "checkpoints");

  private final String one;
  private final String folder;

  ObjectKind(String one, String folder) {
    this.one = one;
    this.folder = folder;
  }

  /** The folder of all objects of this kind: {@code victims}. */
  String folder() {
    return folder;
  }

  /** The file that makes a folder an object of this kind: {@code victim.json}. */
  String manifest() {
    return this + ".json";
  }

  /** As messages speak of one: {@code a victim}. */
  String one() {
    return one;
  }

  /** As printed: {@code victim}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
