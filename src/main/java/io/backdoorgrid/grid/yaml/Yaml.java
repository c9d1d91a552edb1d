package io.backdoorgrid.grid.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.backdoorgrid.grid.Names;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads one YAML document, token by token so that every key and value keeps its place.
 *
 * <p>Anchors, aliases and tags are refused and depth is bounded: what a file costs to read is
 * bounded by its size.
 */
public final class Yaml {
  private static final int MAX_DEPTH = 32;
  private static final Pattern LINE_END = Pattern.compile("\r\n|[\r\n\u0085\u2028\u2029]");
  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final Place source;
  private final boolean inFile;
  // As code points, in which the parser counts columns.
  private final int[][] lines;
  private final YAMLParser parser;

  private Yaml(Place source, boolean inFile, String text) throws IOException {
    this.source = source;
    this.inFile = inFile;
    this.lines =
        LINE_END.splitAsStream(text).map(line -> line.codePoints().toArray()).toArray(int[][]::new);
    this.parser = FACTORY.createParser(text);
  }

  /** The content of a file; places are lines and columns of it. */
  static Node ofFile(Place file, String text) {
    return parse(file, true, text);
  }

  /** The value of an option; every place is the option. */
  public static Node ofOption(Place option, String text) {
    return parse(option, false, text);
  }

  private static Node parse(Place source, boolean inFile, String text) {
    Yaml yaml = null;
    try {
      yaml = new Yaml(source, inFile, text);
      return yaml.document();
    } catch (JsonProcessingException e) {
      Place place = yaml == null ? source : yaml.place(e.getLocation());
      throw place.error("not valid YAML: " + problem(e));
    } catch (IOException e) {
      throw source.error("not valid YAML: " + e.getMessage());
    }
  }

  private Node document() throws IOException {
    try (parser) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return new Node.Scalar(source, "", true);
      }
      Node root = node(first, 1);
      if (parser.nextToken() != null) {
        throw here().error("a second YAML document; one file holds one");
      }
      return root;
    }
  }

  private Node node(JsonToken token, int depth) throws IOException {
    Place place = here();
    refuseReferences(place);
    if (depth > MAX_DEPTH) {
      throw place.error("nested more than " + MAX_DEPTH + " levels deep");
    }
    return switch (token) {
      case START_OBJECT -> mapping(place, depth);
      case START_ARRAY -> sequence(place, depth);
      default -> scalar(place, token);
    };
  }

  private Node mapping(Place place, int depth) throws IOException {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Place keyPlace = here();
      refuseReferences(keyPlace);
      String key = parser.currentName();
      Node.Member first = members.get(key);
      if (first != null) {
        throw keyPlace.error(
            "duplicate key "
                + Names.quote(key)
                + (inFile ? ", first on line " + first.place().line() : ""));
      }
      members.put(key, new Node.Member(keyPlace, node(parser.nextToken(), depth + 1)));
    }
    return new Node.Mapping(place, members);
  }

  private Node sequence(Place place, int depth) throws IOException {
    List<Node> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(node(token, depth + 1));
    }
    return new Node.Sequence(place, List.copyOf(items));
  }

  private Node scalar(Place place, JsonToken token) throws IOException {
    boolean quoted = token == JsonToken.VALUE_STRING && "'\"|>".indexOf(sourceCharacter()) >= 0;
    return new Node.Scalar(place, parser.getText(), !quoted);
  }

  private void refuseReferences(Place place) throws IOException {
    int start = sourceCharacter();
    // The parser does not tell every anchor of a scalar.
    if (parser.isCurrentAlias() || parser.getObjectId() != null || start == '&') {
      throw place.error("anchors (&) and aliases (*) are not supported; write the value out");
    }
    if (parser.getTypeId() != null || start == '!') {
      throw place.error("tags (!) are not supported; write the bare value");
    }
  }

  /** Where the token starts: what the parser leaves out of it, such as quotes, shows only there. */
  private int sourceCharacter() {
    JsonLocation start = parser.currentTokenLocation();
    int column = start.getColumnNr() - 1;
    if (start.getLineNr() < 1 || start.getLineNr() > lines.length) {
      return ' ';
    }
    int[] line = lines[start.getLineNr() - 1];
    return column >= 0 && column < line.length ? line[column] : ' ';
  }

  private Place here() {
    return place(parser.currentTokenLocation());
  }

  private Place place(JsonLocation location) {
    return inFile && location != null && location.getLineNr() > 0
        ? source.at(location.getLineNr(), location.getColumnNr())
        : source;
  }

  /** The parser's own words, without its excerpt of the source. */
  private static String problem(JsonProcessingException e) {
    Predicate<String> excerpt = line -> line.isBlank() || line.startsWith(" ");
    return e.getOriginalMessage()
        .replaceFirst(", got this instead: .*", "")
        .lines()
        .filter(excerpt.negate())
        .map(Names::printable)
        .collect(Collectors.joining(", "));
  }
}
