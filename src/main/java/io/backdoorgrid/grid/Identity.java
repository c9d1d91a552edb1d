package io.backdoorgrid.grid;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;

/** Gives victims and trials their ids; see {@link VictimId} and {@link TrialId}. */
public final class Identity {
  private static final String VICTIM = "victim";

  private final MessageDigest sha256 = DigestUtils.getSha256Digest();
  // Specs are shared by many victims; each is written out once.
  private final Map<Spec, String> written = new IdentityHashMap<>();

  /**
   * A trial's JSON without the victim's id, which all trials with these settings share.
   *
   * @param before the id
   * @param after it
   */
  public record Treatment(Settings settings, byte[] before, byte[] after) {}

  /** The victim with these settings. */
  public Victim victim(Settings settings) {
    String json = "{" + members(new TreeMap<>(settings.named())) + "}";
    return new Victim(new VictimId(hash(bytes(json))), settings);
  }

  public Treatment treatment(Settings settings) {
    var sorted = new TreeMap<>(settings.named());
    String before = members(sorted.headMap(VICTIM));
    String after = members(sorted.tailMap(VICTIM));
    return new Treatment(
        settings,
        bytes("{" + before + (before.isEmpty() ? "" : ",") + "\"" + VICTIM + "\":\""),
        bytes("\"" + (after.isEmpty() ? "" : ",") + after + "}"));
  }

  public Trial trial(Treatment treatment, Victim victim) {
    sha256.update(treatment.before());
    sha256.update(bytes(victim.id().toString()));
    return new Trial(new TrialId(hash(treatment.after())), victim, treatment.settings());
  }

  private String members(Map<String, Object> sorted) {
    var json = new StringBuilder();
    sorted.forEach(
        (key, value) ->
            json.append(json.isEmpty() ? "" : ",")
                .append(CanonicalJson.of(key))
                .append(':')
                .append(value instanceof Spec spec ? json(spec) : CanonicalJson.of(value)));
    return json.toString();
  }

  private String json(Spec spec) {
    return written.computeIfAbsent(
        spec,
        s ->
            CanonicalJson.of(
                Map.of("name", s.name(), "version", s.version(), "parameters", s.stored())));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private long hash(byte[] rest) {
    return ByteBuffer.wrap(sha256.digest(rest)).getLong();
  }
}
