package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs that end before their time, and what is left of them. */
final class InterruptedRuns {

  private InterruptedRuns() {}

  /** A file's content and when it was written. */
  record Committed(FileTime time, String content) {}

  static ProcessBuilder process(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@jobs/jvm.options");
    command.addAll(List.of("-Dai.djl.offline=true", "-Djava.awt.headless=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  static void complete(Path grid, Path out) {
    var ended = CommandLineFixture.run("run", grid.toString(), "--out", out.toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
  }

  static Map<String, Committed> committed(Path store) throws IOException {
    var files = new TreeMap<String, Committed>();
    for (String kind :
        List.of("rows", "victims", "extractors", "phases", "findings", "failures", "plans")) {
      try (Stream<Path> paths = Files.walk(store.resolve(kind))) {
        for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
          String content = new String(Files.readAllBytes(path), "ISO-8859-1");
          files.put(
              store.relativize(path).toString(),
              new Committed(Files.getLastModifiedTime(path), content));
        }
      }
    }
    return files;
  }

  static List<String> rows(Map<String, Committed> files) {
    return files.keySet().stream().filter(name -> name.startsWith("rows/")).toList();
  }
}
