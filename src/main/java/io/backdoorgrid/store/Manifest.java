package io.backdoorgrid.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.backdoorgrid.store.row.DigestedCsv;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * {@code victim.json} and its like: what an object is, and the sizes and digests of the files
 * beside it. Where a folder gets its name in one step, its presence says that they are there; where
 * files come one by one, their sizes tell.
 */
record Manifest(ObjectKind kind, String id, List<Part> files, Map<String, Object> description) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** One file beside the manifest. */
  record Part(String name, int bytes, String sha256) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*");

    Part {
      if (!isName(name) || bytes < 0) {
        throw new IllegalArgumentException(
            "a file cannot have the name %s and %d bytes".formatted(name, bytes));
      }
    }

    /** A name that leads nowhere else. */
    static boolean isName(String name) {
      return name != null && NAME.matcher(name).matches();
    }
  }

  static Manifest of(
      ObjectKind kind, String id, Map<String, byte[]> files, Map<String, Object> description) {
    List<Part> parts = new ArrayList<>();
    files.forEach(
        (name, bytes) -> parts.add(new Part(name, bytes.length, DigestUtils.sha256Hex(bytes))));
    return new Manifest(kind, id, parts, description);
  }

  byte[] encode() {
    try {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put(kind.toString(), id);
      fields.put("files", files);
      fields.put("description", description);
      // By way of text, so that reading it back gives the same tree and the same digest.
      ObjectNode tree = (ObjectNode) JSON.readTree(JSON.writeValueAsBytes(fields));
      tree.put(DigestedCsv.DIGEST, digest(tree));
      return JSON.writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s %s: the description is not JSON: %s".formatted(kind, id, e.getMessage()), e);
    }
  }

  static Manifest decode(ObjectKind kind, String id, byte[] bytes) throws DamagedException {
    try {
      if (!(JSON.readTree(bytes) instanceof ObjectNode tree)) {
        throw new DamagedException("is not a JSON object");
      }
      JsonNode digest = tree.remove(DigestedCsv.DIGEST);
      if (digest == null || !digest.asText().equals(digest(tree))) {
        throw new DamagedException("does not match its digest");
      }
      if (!tree.path(kind.toString()).asText().equals(id)) {
        throw new DamagedException("does not describe %s %s".formatted(kind, id));
      }
      List<Part> parts = new ArrayList<>();
      for (JsonNode file : tree.path("files")) {
        parts.add(JSON.treeToValue(object(file), Part.class));
      }
      @SuppressWarnings("unchecked")
      Map<String, Object> description =
          JSON.treeToValue(object(tree.path("description")), LinkedHashMap.class);
      return new Manifest(kind, id, parts, description);
    } catch (IOException e) {
      throw new DamagedException("is truncated or not JSON");
    }
  }

  private static JsonNode object(JsonNode node) throws DamagedException {
    if (!node.isObject()) {
      throw new DamagedException("holds %s where an object belongs".formatted(node));
    }
    return node;
  }

  private static String digest(ObjectNode tree) throws JsonProcessingException {
    return Digest.brief(JSON.writeValueAsBytes(tree));
  }
}
