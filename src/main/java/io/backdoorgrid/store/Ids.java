package io.backdoorgrid.store;

import java.util.regex.Pattern;

/** The names of plans, trials and objects: 16 hexadecimal digits. */
public final class Ids {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");

  private Ids() {}

  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** Ids become file names, so nothing else may pass. */
  public static String require(String id, String what) {
    if (id == null || !isId(id)) {
      throw new IllegalArgumentException(
          what + " must be 16 hexadecimal digits (0-9, a-f), got " + id);
    }
    return id;
  }
}
