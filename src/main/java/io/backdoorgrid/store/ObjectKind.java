package io.backdoorgrid.store;

import java.util.Locale;

/** What the store keeps as a folder of files with a description of their sizes and digests. */
public enum ObjectKind {
  /** A trained victim and its trigger. */
  VICTIM,
  /** A feature extractor, trained on a victim's images. */
  EXTRACTOR,
  /** A finished part of a long trial, which is not done again if the trial is killed. */
  PHASE;

  /** As messages and descriptions have it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  String folder() {
    return word() + "s";
  }

  /** The file that describes the others. */
  String manifest() {
    return word() + ".json";
  }

  String withArticle() {
    return (this == EXTRACTOR ? "an " : "a ") + word();
  }
}
