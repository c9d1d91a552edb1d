package io.backdoorgrid.defense;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.Picture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a defense learned besides the repaired model. Findings are stored beside the trial's row;
 * the row itself has the verdict, the suspected classes and the counts.
 */
public final class Findings {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /**
   * An output channel that is suspected to belong to the backdoor.
   *
   * @param layer as the network's weights name it
   * @param channel counted from 0
   * @param score by which it was found
   * @param limit that the score exceeds
   */
  public record Channel(String layer, int channel, double score, double limit) {}

  /**
   * The evidence that a class is the attacker's target.
   *
   * @param label of the class
   * @param score on the method's own scale
   * @param suspected whether the method considers it the target
   */
  public record ScoredClass(int label, double score, boolean suspected) {}

  /**
   * A point of a curve, such as the accuracy on the validation images after an epoch.
   *
   * @param curve its name, in kebab-case
   * @param at an epoch, a threshold, …
   */
  public record Point(String curve, double at, double value) {}

  private final List<Channel> channels = new ArrayList<>();
  private final List<ScoredClass> classes = new ArrayList<>();
  private final List<Point> points = new ArrayList<>();
  private final Map<String, Picture> pictures = new LinkedHashMap<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private Boolean backdoored;

  public void add(Channel channel) {
    channels.add(channel);
  }

  public void add(ScoredClass scored) {
    classes.add(scored);
  }

  public void add(Point point) {
    requireName(point.curve());
    points.add(point);
  }

  /**
   * @param name in kebab-case, such as {@code pruned-channels}
   */
  public void count(String name, long count) {
    requireName(name);
    counts.put(name, count);
  }

  /**
   * @param name in kebab-case, such as {@code trigger-of-class-0}
   */
  public void add(String name, Picture picture) {
    requireName(name);
    pictures.put(name, picture);
  }

  /** Whether the method considers the victim backdoored. */
  public void verdict(boolean isBackdoored) {
    backdoored = isBackdoored;
  }

  private static void requireName(String name) {
    require(NAME.matcher(name).matches(), "a finding must be named in kebab-case, got '%s'", name);
  }

  public List<Channel> channels() {
    return Collections.unmodifiableList(channels);
  }

  public List<ScoredClass> classes() {
    return Collections.unmodifiableList(classes);
  }

  /** The points of all curves, in the order in which they were added. */
  public List<Point> points() {
    return Collections.unmodifiableList(points);
  }

  public Map<String, Picture> pictures() {
    return Collections.unmodifiableMap(pictures);
  }

  public Map<String, Long> counts() {
    return Collections.unmodifiableMap(counts);
  }

  /** Empty where the method has no verdict. */
  public Optional<Boolean> verdict() {
    return Optional.ofNullable(backdoored);
  }
}
