package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.model.net.Architectures;
import io.backdoorgrid.torch.SafeTensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which of our networks the tensors of a file are, by their names and shapes, never by their order.
 *
 * @param name of the architecture in grid files
 * @param width channels of its first stage
 * @param classes outputs of its last layer
 * @param names the file's name of each of our tensors
 */
public record Recognition(
    String name, Architecture architecture, int width, int classes, Map<String, String> names) {

  /** What wrappers of networks put before every name. */
  private static final List<String> PREFIXES =
      List.of("module.", "_orig_mod.", "model.", "net.", "backbone.", "features.");

  /** What tensors count beside the weights: batches, averaged models. */
  private static final Pattern COUNTERS =
      Pattern.compile("(.*\\.)?(num_batches_tracked|n_averaged)");

  /** How torchvision, timm and TrojanZoo call what others call shortcut and linear. */
  private static final Map<Pattern, String> ALIASES =
      Map.of(
          Pattern.compile("(layer\\d+\\.\\d+\\.)downsample\\."), "$1shortcut.",
          Pattern.compile("^(fc|classifier|classifier\\.fc|classifier\\.1)\\.(weight|bias)$"),
              "linear.$2");

  private static final String STEM = "conv1.weight";
  private static final String HEAD = "linear.weight";

  /** On which no name or shape depends. */
  private static final ImageShape ANY = new ImageShape(32, 32, 3);

  private static final int SHOWN = 4;

  /** Names may be megabytes of prefixes. */
  private static final int MOST_WRAPPERS = 8;

  /** How tensors differ from a network's. */
  private record Difference(
      String network, List<String> missing, List<String> unknown, List<String> otherShape) {

    int count() {
      return missing.size() + unknown.size() + otherShape.size();
    }

    List<String> lines() {
      var lines = new ArrayList<String>();
      lines.add("no network of ours; the nearest is " + network);
      add(lines, "missing", missing);
      add(lines, "unknown", unknown);
      add(lines, "other shape", otherShape);
      return lines;
    }

    private static void add(List<String> lines, String what, List<String> names) {
      if (!names.isEmpty()) {
        lines.add(
            "  %-12s %3d  ".formatted(what, names.size())
                + names.stream()
                    .limit(SHOWN)
                    .map(Names::printable)
                    .collect(Collectors.joining(", "))
                + (names.size() > SHOWN ? ", …" : ""));
      }
    }
  }

  /**
   * @param asked the only architecture to try, if it is known
   * @throws ModelFileException that shows what does not fit the nearest network, in a few lines
   */
  public static Recognition of(ModelFile file, Optional<String> asked) {
    Map<String, String> names = ourNames(file.tensors().keySet());
    StoredTensor stem = tensor(file, names, STEM);
    StoredTensor head = tensor(file, names, HEAD);
    int width = (int) stem.shape()[0];
    int classes = (int) head.shape()[0];
    var differences = new ArrayList<Difference>();
    for (String name : asked.map(Set::of).orElse(Architectures.REGISTRY.names())) {
      Architecture architecture = architecture(name, width);
      Difference difference = difference(name, architecture, classes, file, names);
      if (difference.count() == 0) {
        return new Recognition(name, architecture, width, classes, names);
      }
      differences.add(difference);
    }
    throw new ModelFileException(
        differences.stream().min(Comparator.comparing(Difference::count)).orElseThrow().lines());
  }

  private static Architecture architecture(String name, int width) {
    try {
      return Architectures.REGISTRY.create(new Spec(name, 1, Map.of("width", width)));
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(e.getMessage());
    }
  }

  /** By our names those of the file, without counters. */
  private static Map<String, String> ourNames(Iterable<String> names) {
    var ours = new LinkedHashMap<String, String>();
    for (String name : names) {
      if (!COUNTERS.matcher(name).matches()) {
        ours.put(name, name);
      }
    }
    boolean stripped = true;
    for (int wrappers = 0; stripped && wrappers < MOST_WRAPPERS; wrappers++) {
      stripped = false;
      for (String prefix : PREFIXES) {
        if (!ours.isEmpty() && ours.keySet().stream().allMatch(n -> isUnder(prefix, n))) {
          ours = renamed(ours, prefix);
          stripped = true;
        }
      }
    }
    var aliased = new LinkedHashMap<String, String>();
    ours.forEach((name, original) -> aliased.put(withoutAlias(name), original));
    require(aliased.size() == ours.size(), "two tensors go by one name");
    return aliased;
  }

  /** TrojanZoo's classifier stands beside its features. */
  private static boolean isUnder(String prefix, String name) {
    return name.startsWith(prefix) || prefix.equals("features.") && name.startsWith("classifier.");
  }

  private static LinkedHashMap<String, String> renamed(Map<String, String> names, String prefix) {
    var renamed = new LinkedHashMap<String, String>();
    names.forEach(
        (name, original) ->
            renamed.put(
                name.startsWith(prefix) ? name.substring(prefix.length()) : name, original));
    return renamed;
  }

  private static String withoutAlias(String name) {
    String ours = name;
    for (Map.Entry<Pattern, String> alias : ALIASES.entrySet()) {
      ours = alias.getKey().matcher(ours).replaceAll(alias.getValue());
    }
    return ours;
  }

  private static StoredTensor tensor(ModelFile file, Map<String, String> names, String name) {
    String original = names.get(name);
    require(
        original != null && file.tensors().get(original).shape().length > 1,
        "no network of ours: it has no %s, by this or another usual name; it begins with %s",
        name,
        names.values().stream().limit(SHOWN).toList());
    StoredTensor tensor = file.tensors().get(original);
    require(
        tensor.shape()[0] >= 1 && tensor.shape()[0] <= 100_000,
        "%s has %d outputs",
        original,
        tensor.shape()[0]);
    return tensor;
  }

  private static Difference difference(
      String name,
      Architecture architecture,
      int classes,
      ModelFile file,
      Map<String, String> names) {
    var missing = new ArrayList<String>();
    var otherShape = new ArrayList<String>();
    var unknown = new ArrayList<>(names.keySet());
    architecture
        .build(ANY, classes)
        .namedParameters()
        .forEach(
            (ours, parameter) -> {
              String original = names.get(ours);
              if (original == null) {
                missing.add(ours);
                return;
              }
              unknown.remove(ours);
              StoredTensor tensor = file.tensors().get(original);
              long[] shape = parameter.getShape().getShape();
              if (!Arrays.equals(tensor.shape(), shape) || !tensor.type().isFloating()) {
                otherShape.add(
                    "%s %s, not %s %s"
                        .formatted(
                            original,
                            Arrays.toString(tensor.shape()),
                            Arrays.toString(shape),
                            tensor.type().isFloating() ? "" : "of " + tensor.type())
                        .strip());
              }
            });
    return new Difference(name, missing, unknown.stream().map(names::get).toList(), otherShape);
  }

  /** The weights under our names, in float32. */
  public SafeTensors weights(ModelFile file) {
    var weights = new LinkedHashMap<String, SafeTensors.Tensor>();
    names.forEach(
        (ours, original) -> {
          StoredTensor tensor = file.tensors().get(original);
          weights.put(ours, new SafeTensors.Tensor(tensor.shape(), tensor.floats()));
        });
    return new SafeTensors(weights);
  }

  /** Changed weights as the file has them, under its names and in its types. */
  public Map<String, StoredTensor> stored(ModelFile file, SafeTensors weights) {
    var stored = new LinkedHashMap<String, StoredTensor>();
    weights
        .tensors()
        .forEach(
            (ours, tensor) -> {
              String original = names.get(ours);
              stored.put(original, file.tensors().get(original).with(tensor.values()));
            });
    return stored;
  }
}
