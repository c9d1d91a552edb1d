package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.yaml.Node;
import java.util.regex.Pattern;

/** Names that become file names: they cannot leave the folder and need no quotes in a shell. */
final class GridName {
  private static final String PART = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
  private static final Pattern NAME = Pattern.compile(PART + "(/" + PART + ")*");

  private GridName() {}

  static String check(String key, Node node) {
    if (node instanceof Node.Scalar scalar
        && scalar.text().length() <= 200
        && NAME.matcher(scalar.text()).matches()) {
      return scalar.text();
    }
    throw node.error(
        key + " must be made of letters, digits, '.', '_', '-' and '/', got " + node.shown());
  }

  /** The name of a grid file that gives none. */
  static String of(String stem) {
    String name = stem.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^\\.+", "");
    return name.isEmpty() ? "grid" : name;
  }
}
