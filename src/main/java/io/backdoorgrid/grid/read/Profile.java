package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.YamlFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings to lay over any grid, such as fewer images and epochs for a laptop.
 *
 * @param about a remark for the captions of tables
 */
record Profile(String name, Optional<String> about, Map<String, Node.Member> set) {
  private static final List<String> KEYS = List.of("name", "about", "set");

  static Profile read(Path path) {
    Node.Mapping file = YamlFile.read(path, "profile");
    String name = GridName.of(YamlFile.stem(path));
    Optional<String> about = Optional.empty();
    Map<String, Node.Member> set = Map.of();
    for (Map.Entry<String, Node.Member> entry : file.members().entrySet()) {
      Node value = entry.getValue().value();
      switch (entry.getKey()) {
        case "name" -> name = GridName.check("name", value);
        case "about" -> about = Optional.of(remark(value));
        case "set" -> {
          if (!(value instanceof Node.Mapping settings)) {
            throw value.error("set must be a map of settings, got " + value.shown());
          }
          set = settings.members();
        }
        default -> throw entry.getValue().place().error(Names.unknown("key", entry.getKey(), KEYS));
      }
    }
    return new Profile(name, about, set);
  }

  String caption() {
    return "profile " + name + about.map(remark -> ": " + remark).orElse("");
  }

  private static String remark(Node node) {
    if (node instanceof Node.Scalar scalar && !scalar.text().isBlank()) {
      return scalar.text().strip().replaceAll("\\s+", " ");
    }
    throw node.error("about must be a line of text, got " + node.shown());
  }
}
