package io.backdoorgrid.grid;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The one spelling of a value, in tables, in axes and in canonical JSON. */
public final class Values {
  private Values() {}

  public static String text(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return text(((Number) value).doubleValue());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Values::text).collect(Collectors.joining(", ", "[", "]"));
    }
    return String.valueOf(value);
  }

  /**
   * The shortest decimal that reads back as {@code value}, without trailing zeros.
   *
   * <p>Not {@link Double#toString}: its digits differ between Java releases, and ids must not.
   */
  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= 17; digits++) {
      shortest = exact.round(new MathContext(digits));
      if (shortest.doubleValue() == value) {
        break;
      }
    }
    shortest = shortest.stripTrailingZeros();
    double magnitude = Math.abs(value);
    return magnitude >= 1e-6 && magnitude < 1e15
        ? shortest.toPlainString()
        : shortest.toString().toLowerCase(Locale.ROOT).replace("e+", "e");
  }
}
