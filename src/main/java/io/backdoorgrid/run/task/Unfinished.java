package io.backdoorgrid.run.task;

/** What becomes of a defense's work that the store does not have. */
enum Unfinished {
  /** It is done, and kept for other trials and for those that were killed. */
  KEPT,
  /** It is done, and the store stays as it is. */
  DONE,
  /** It fails with {@link java.util.NoSuchElementException}. */
  REFUSED
}
