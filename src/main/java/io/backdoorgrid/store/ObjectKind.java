package io.backdoorgrid.store;

import java.util.Locale;

/** What the store keeps as a folder of payload files and a manifest. */
public enum ObjectKind {
  /** A trained victim, shared by its trials. */
  VICTIM("a"),
  /** A pretrained feature extractor, shared by several trials. */
  EXTRACTOR("an"),
  /** A finished phase of a long trial, behind which a killed one goes on. */
  PHASE("a");

  private final String article;

  ObjectKind(String article) {
    this.article = article;
  }

  /** The folder of all objects of this kind: {@code victims}. */
  String folder() {
    return this + "s";
  }

  /** The file that makes a folder an object of this kind: {@code victim.json}. */
  String manifest() {
    return this + ".json";
  }

  /** As messages speak of one: {@code a victim}. */
  String one() {
    return article + " " + this;
  }

  /** As printed: {@code victim}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
