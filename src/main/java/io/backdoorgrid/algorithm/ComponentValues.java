package io.backdoorgrid.algorithm;

import io.backdoorgrid.grid.FileAddress;
import io.backdoorgrid.grid.FileContent;
import io.backdoorgrid.grid.NamedFile;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Hyperparameters between grid files (text, whole and decimal numbers, lists, files) and record
 * components.
 */
final class ComponentValues {

  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?");

  private ComponentValues() {}

  static Object toGrid(Object value) {
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof Enum<?> choice) {
      return Keys.kebab(choice.name());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ComponentValues::toGrid).toList();
    }
    return value;
  }

  static Object toJava(String key, Class<?> type, Object value) {
    if (type == int.class) {
      return whole(key, value);
    }
    if (type == double.class) {
      Checks.require(value instanceof Number, "%s must be a number, got %s", key, shown(value));
      return ((Number) value).doubleValue();
    }
    if (type == boolean.class) {
      Checks.require(value instanceof Boolean, "%s must be true or false, got '%s'", key, value);
      return value;
    }
    if (type == List.class) {
      Checks.require(value instanceof List, "%s must be a list, got '%s'", key, value);
      return ((List<?>) value).stream().map(element -> whole(key, element)).toList();
    }
    if (type == FileContent.class) {
      return file(key, value, FileContent.NONE);
    }
    if (type == FileAddress.class) {
      return file(key, value, FileAddress.NONE);
    }
    if (type.isEnum()) {
      return choice(key, type, String.valueOf(value));
    }
    return String.valueOf(value);
  }

  private static Integer whole(String key, Object value) {
    boolean whole =
        value instanceof Number number
            && number.doubleValue() == Math.rint(number.doubleValue())
            && Math.abs(number.doubleValue()) <= Integer.MAX_VALUE;
    Checks.require(whole, "%s must be a whole number, got %s", key, shown(value));
    return ((Number) value).intValue();
  }

  private static String shown(Object value) {
    boolean quoted = value instanceof String text && NUMBER.matcher(text).matches();
    return "'" + value + (quoted ? "'; quotes make it text" : "'");
  }

  private static <F extends NamedFile> F file(String key, Object value, F none) {
    if (none.toString().equals(value)) {
      return none;
    }
    Class<?> wanted = none.getClass();
    Checks.require(wanted.isInstance(value), "%s must be a file, got '%s'", key, value);
    @SuppressWarnings("unchecked") // both classes are final
    F file = (F) value;
    return file;
  }

  private static Object choice(String key, Class<?> type, String name) {
    Object[] choices = type.getEnumConstants();
    return Arrays.stream(choices)
        .filter(choice -> toGrid(choice).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s must be one of %s, got '%s'"
                        .formatted(
                            key,
                            Arrays.stream(choices).map(ComponentValues::toGrid).toList(),
                            name)));
  }
}
