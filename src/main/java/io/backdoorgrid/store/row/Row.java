package io.backdoorgrid.store.row;

import io.backdoorgrid.metric.Evaluated;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.metric.Unit;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Ids;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The measured result of one trial, with everything that is needed to print it and to check it.
 *
 * <p>Beside the columns named here a row has one for every hyperparameter, such as {@code
 * attack.size} or {@code train.epochs}, and two for every metric that is {@link Evaluated}. An
 * empty text means "not defined", such as the attack success rate of a clean model.
 *
 * @param columns kebab-case name to text, in the order of the file; {@link #TRIAL} is required
 */
public record Row(Map<String, String> columns) implements Serializable {
  public static final String TRIAL = "trial";
  public static final String VICTIM = "victim";

  public static final String DATASET = "dataset";
  public static final String MODEL = "model";
  public static final String ATTACK = "attack";
  public static final String POISON_RATE = "poison-rate";
  public static final String TRAIN = "train";
  public static final String DEFENSE = "defense";

  /** Only rows of defenses that use one have it. */
  public static final String EXTRACTOR = "extractor";

  public static final String HELD_OUT = "held-out";
  public static final String IMAGES = "images";
  public static final String PRECISION = "precision";
  public static final String SEED = "seed";
  public static final String CLEAN_RATIO = "clean-ratio";

  /** What the defense alone took. */
  public static final String SECONDS = Metrics.SECONDS.name();

  /** What the training of the extractor took; only rows of defenses that use one have it. */
  public static final String EXTRACTOR_SECONDS = "extractor-seconds";

  /**
   * The id of the stored object with what the defense learned besides the model; its short numbers
   * are columns that begin with this name and a dot. Only rows of defenses that report any have it.
   */
  public static final String FINDINGS = "findings";

  /**
   * What a defense of several iterations came to after each, as far as it was observed: this, the
   * number from 1, a dot and a name.
   */
  public static final String ITERATION = "iteration-";

  public static final String TRAIN_SECONDS = "train-seconds";

  /** Cores that the victim's training took; the trial's own are {@link #THREADS}. */
  public static final String TRAIN_THREADS = "train-threads";

  public static final String EVALUATE_SECONDS = "evaluate-seconds";

  public static final String DEVICE = "device";
  public static final String THREADS = "threads";

  /** What {@link #PRECISION} came to on that device. */
  public static final String ARITHMETIC = "arithmetic";

  public static final String JAVA = "java";
  public static final String DJL = "djl";
  public static final String PYTORCH = "pytorch";
  public static final String VERSION = "version";
  public static final String COMMIT = "commit";

  /** How many training images were poisoned; rows of clean victims do not have it. */
  public static final String POISONED_IMAGES = "poisoned-images";

  /**
   * The accuracy in percent of a classifier that always names the most frequent class of the test
   * images. Rows measured before it was introduced do not have it.
   */
  public static final String CHANCE = "chance";

  public static final String DATA_DIGEST = "data-digest";
  public static final String STARTED = "started";
  public static final String HOST = "host";
  public static final String ATTEMPT = "attempt";

  /** The columns with one name; not those of settings, evaluated metrics, findings, iterations. */
  private static final Set<String> STANDARD =
      Set.of(
          TRIAL,
          VICTIM,
          SECONDS,
          EXTRACTOR_SECONDS,
          FINDINGS,
          TRAIN_SECONDS,
          TRAIN_THREADS,
          EVALUATE_SECONDS,
          DEVICE,
          THREADS,
          ARITHMETIC,
          JAVA,
          DJL,
          PYTORCH,
          VERSION,
          COMMIT,
          POISONED_IMAGES,
          CHANCE,
          DATA_DIGEST,
          STARTED,
          HOST,
          ATTEMPT);

  /** Columns that hold numbers, as far as they are checked. */
  private static final Map<String, Unit> UNITS = units();

  private static final Pattern NAME = Pattern.compile("[a-z0-9]+([-.][a-z0-9]+)*");

  public Row {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    String id = Ids.require(columns.get(TRIAL), "a row's trial");
    columns.forEach((name, text) -> check(id, name, text));
    for (Map.Entry<String, Unit> entry : UNITS.entrySet()) {
      check(id, entry.getKey(), columns.getOrDefault(entry.getKey(), ""), entry.getValue());
    }
  }

  private static Map<String, Unit> units() {
    var units = new LinkedHashMap<String, Unit>();
    for (Evaluated metric : Metrics.EVALUATED) {
      units.put(metric.victimColumn(), metric.unit());
      units.put(metric.column(), metric.unit());
    }
    units.put(CHANCE, Unit.PERCENT);
    List.of(THREADS, TRAIN_THREADS, ATTEMPT, POISONED_IMAGES)
        .forEach(name -> units.put(name, Unit.COUNT));
    List.of(SECONDS, EXTRACTOR_SECONDS, TRAIN_SECONDS, EVALUATE_SECONDS)
        .forEach(name -> units.put(name, Unit.SECONDS));
    return units;
  }

  /**
   * A row of values of any type; null, an empty {@link OptionalDouble} and NaN become "not
   * defined".
   */
  public static Row of(Map<String, ?> values) {
    Map<String, String> columns = new LinkedHashMap<>();
    values.forEach((name, value) -> columns.put(name, asText(value)));
    return new Row(columns);
  }

  /** Whether this version writes a column of that name, beside those of the settings. */
  public static boolean isKnown(String column) {
    return STANDARD.contains(column)
        || column.startsWith(FINDINGS + ".")
        || column.startsWith(ITERATION)
        || Metrics.EVALUATED.stream()
            .anyMatch(m -> column.equals(m.column()) || column.equals(m.victimColumn()));
  }

  /** The trial's id. */
  public String id() {
    return text(TRIAL);
  }

  /** The text of a column, empty if the row has no such column. */
  public String text(String column) {
    return columns.getOrDefault(column, "");
  }

  /**
   * The number in a column, or nothing if it is empty or the row has no such column.
   *
   * @throws IllegalArgumentException if the column holds something else than a number
   */
  public OptionalDouble number(String column) {
    String text = text(column);
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "row %s: column %s must be a number, got \"%s\"".formatted(id(), column, text), e);
    }
  }

  public byte[] encode() {
    return DigestedCsv.encode(columns);
  }

  /**
   * Reads a row back.
   *
   * @param id what the file's name promises
   * @param wanted columns beside the trial's id
   */
  static Row decode(String id, byte[] bytes, Predicate<String> wanted) throws DamagedException {
    Row row = of(() -> DigestedCsv.decode(bytes, orTrial(wanted)));
    if (!row.id().equals(id)) {
      throw new DamagedException("holds another trial, " + row.id());
    }
    return row;
  }

  /** Reads a line among others. */
  static Row decode(DigestedCsv csv, String line, Predicate<String> wanted)
      throws DamagedException {
    return of(() -> csv.decode(line, orTrial(wanted)));
  }

  private static Predicate<String> orTrial(Predicate<String> wanted) {
    return column -> column.equals(TRIAL) || wanted.test(column);
  }

  private static Row of(Supplier<Map<String, String>> columns) throws DamagedException {
    try {
      return new Row(columns.get());
    } catch (IllegalArgumentException e) {
      throw new DamagedException("holds an impossible row: " + e.getMessage());
    }
  }

  private static String asText(Object value) {
    if (value == null || value instanceof Double d && d.isNaN()) {
      return "";
    }
    if (value instanceof OptionalDouble optional) {
      return optional.isPresent() ? asText(optional.getAsDouble()) : "";
    }
    return value.toString();
  }

  private static void check(String id, String name, String text) {
    if (!NAME.matcher(name).matches() || name.equals(DigestedCsv.DIGEST)) {
      throw new IllegalArgumentException(
          "row %s: a column must be named in kebab-case and not \"%s\", got \"%s\""
              .formatted(id, DigestedCsv.DIGEST, name));
    }
    if (text == null || text.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException(
          "row %s: column %s must be text without line breaks, got \"%s\""
              .formatted(id, name, text));
    }
  }

  private static void check(String id, String name, String text, Unit unit) {
    if (!text.isEmpty() && !isPossible(unit, text)) {
      throw new IllegalArgumentException(
          "row %s: %s must be %s or empty, got \"%s\"".formatted(id, name, unit.range(), text));
    }
  }

  private static boolean isPossible(Unit unit, String text) {
    try {
      return unit.isPossible(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
