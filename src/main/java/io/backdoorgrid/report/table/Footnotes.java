package io.backdoorgrid.report.table;

import io.backdoorgrid.store.Failure;
import java.util.ArrayList;
import java.util.List;

/** Collects the reasons of failed and skipped cells; the same reason is told once. */
final class Footnotes {
  private static final int LONGEST = 120;

  private final List<String> texts = new ArrayList<>();

  /** The number of the note that tells this failure, counted from 1. */
  int number(Failure failure) {
    return number(text(failure));
  }

  /** The number of the note with that text. */
  int number(String text) {
    int index = texts.indexOf(text);
    if (index < 0) {
      texts.add(text);
      index = texts.size() - 1;
    }
    return index + 1;
  }

  List<String> texts() {
    return texts;
  }

  private static String text(Failure failure) {
    String message = failure.message().replaceAll("\\p{Cntrl}+", " ").strip();
    String text = message.isEmpty() ? failure.kind().toString() : failure.kind() + ": " + message;
    return text.codePointCount(0, text.length()) <= LONGEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST - 1)).strip() + "…";
  }
}
