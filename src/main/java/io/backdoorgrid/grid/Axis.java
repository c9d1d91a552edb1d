package io.backdoorgrid.grid;

import io.backdoorgrid.grid.Catalog.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.function.LongPredicate;

/**
 * One setting of the cells of a grid, described once: how grid files, rows and tables name it, its
 * values, and the cells for which it counts. Code that handles all settings iterates over {@link
 * Axes}.
 *
 * @param key in grid files, as a column of rows and in tables, such as {@code poison-rate}
 * @param written the key under which a grid file lists it where that differs, such as {@code
 *     defenses}
 * @param owner whether it belongs to victims or trials
 * @param domain its values and its default
 * @param unused the value in cells whose algorithms do not use this setting; empty for a setting
 *     that counts for all
 * @param later whether it was added when plans already existed: a cell in which it is unused or has
 *     its default does not name it, and so keeps its id
 * @param captioned whether captions of tables print a value that all their cells share
 * @param zero what tables print for 0, if it means something else
 */
public record Axis(
    String key,
    String written,
    Owner owner,
    Domain domain,
    Optional<Object> unused,
    boolean later,
    boolean captioned,
    Optional<String> zero) {

  /** The owner of a setting. */
  public enum Owner {
    /** The victim, which several trials share. */
    VICTIM,
    TRIAL
  }

  /** Which values a setting has. */
  public sealed interface Domain permits Named, Plain {}

  /**
   * Something named in the catalog, with hyperparameters.
   *
   * @param required whether every grid must name one; otherwise the first name is the default
   */
  public record Named(Kind kind, boolean required) implements Domain {}

  /** Numbers and words. */
  public sealed interface Plain extends Domain permits Decimal, Whole, Word {
    Object standard();

    /** The value that was written as {@code plain}, if nothing is wrong with it. */
    Object value(Object plain);

    /**
     * What is wrong with a value.
     *
     * @param plain as YAML has it
     * @param shown as a message shows it
     */
    Optional<String> complaint(String key, Object plain, String shown);
  }

  /**
   * @param rule continues a sentence that begins with the key, such as "must be positive"
   */
  public record Decimal(double defaultValue, String rule, DoublePredicate holds) implements Plain {
    @Override
    public Object standard() {
      return defaultValue;
    }

    @Override
    public Object value(Object plain) {
      return ((Number) plain).doubleValue();
    }

    @Override
    public Optional<String> complaint(String key, Object plain, String shown) {
      if (!(plain instanceof Number number)) {
        return Optional.of(key + " must be a number, got " + shown);
      }
      return holds.test(number.doubleValue())
          ? Optional.empty()
          : Optional.of(key + " " + rule + ", got " + shown);
    }
  }

  /**
   * @param rule as in {@link Decimal}
   */
  public record Whole(long defaultValue, String rule, LongPredicate holds) implements Plain {
    @Override
    public Object standard() {
      return defaultValue;
    }

    @Override
    public Object value(Object plain) {
      return plain;
    }

    @Override
    public Optional<String> complaint(String key, Object plain, String shown) {
      return plain instanceof Long number && holds.test(number)
          ? Optional.empty()
          : Optional.of(key + " " + rule + ", got " + shown);
    }
  }

  /** One of a few words, the first being the default. */
  public record Word(List<String> choices) implements Plain {
    public Word {
      choices = List.copyOf(choices);
    }

    @Override
    public Object standard() {
      return choices.get(0);
    }

    @Override
    public Object value(Object plain) {
      return String.valueOf(plain);
    }

    @Override
    public Optional<String> complaint(String key, Object plain, String shown) {
      String word = String.valueOf(plain);
      return choices.contains(word)
          ? Optional.empty()
          : Optional.of(Names.unknown(key, word, choices));
    }
  }

  /** A setting of every cell. */
  public static Axis of(String key, Owner owner, Domain domain) {
    return new Axis(key, key, owner, domain, Optional.empty(), false, false, Optional.empty());
  }

  /** The same, under another key in grid files. */
  Axis writtenAs(String other) {
    return new Axis(key, other, owner, domain, unused, later, captioned, zero);
  }

  /** The same, counting only for cells with an algorithm that says it uses it. */
  public Axis unusedAs(Object value) {
    return new Axis(key, written, owner, domain, Optional.of(value), later, captioned, zero);
  }

  /** The same, added when plans already existed. */
  public Axis addedLater() {
    return new Axis(key, written, owner, domain, unused, true, captioned, zero);
  }

  /** The same, printed in captions. */
  public Axis inCaptions() {
    return new Axis(key, written, owner, domain, unused, later, true, zero);
  }

  private Axis zeroAs(String text) {
    return new Axis(key, written, owner, domain, unused, later, captioned, Optional.of(text));
  }

  /** The same, with 0 standing for all. */
  Axis zeroForAll() {
    return zeroAs("all");
  }

  /** The kind in the catalog; empty for a number or a word. */
  public Optional<Kind> kind() {
    return domain instanceof Named named ? Optional.of(named.kind()) : Optional.empty();
  }

  /** What tables print for the value that {@link Trial#text} spells; empty where it is unused. */
  public String label(String text) {
    if (unused.isPresent() && text.equals(Values.text(unused.get()))) {
      return "";
    }
    return zero.isPresent() && text.equals("0") ? zero.get() : text;
  }

  /** Whether cells with that value do not name this setting, as if it did not exist. */
  public boolean isUnnamed(Object value) {
    if (!later) {
      return false;
    }
    return unused.isPresent()
        ? value.equals(unused.get())
        : domain instanceof Plain plain && value.equals(plain.standard());
  }
}
