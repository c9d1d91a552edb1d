package io.backdoorgrid.grid;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/** Gives victims and trials their ids; see {@link VictimId} and {@link TrialId}. */
final class Identity {
  private final MessageDigest sha256 = DigestUtils.getSha256Digest();
  // Specs are shared by many victims; each is written out once.
  private final Map<Spec, String> written = new IdentityHashMap<>();

  /** {@code victim} with its id; the one it has is not looked at. */
  Victim identify(Victim victim) {
    // In the order of the sorted keys.
    String json =
        "{\"attack\":"
            + json(victim.attack())
            + ",\"dataset\":"
            + json(victim.dataset())
            + ",\"held-out\":"
            + Values.text(victim.heldOut())
            + ",\"images\":"
            + victim.images()
            + ",\"model\":"
            + json(victim.model())
            + ",\"poison-rate\":"
            + Values.text(victim.poisonRate())
            + ",\"precision\":"
            + CanonicalJson.of(victim.precision())
            + ",\"seed\":"
            + victim.seed()
            + ",\"train\":"
            + json(victim.train())
            + "}";
    return new Victim(
        new VictimId(hash(json.getBytes(StandardCharsets.UTF_8))),
        victim.dataset(),
        victim.model(),
        victim.attack(),
        victim.poisonRate(),
        victim.train(),
        victim.heldOut(),
        victim.images(),
        victim.precision(),
        victim.seed());
  }

  /**
   * The start of a trial's JSON, which all trials with this defense share.
   *
   * @param extractor {@link Spec#NONE} is not written: ids from before there were extractors stay
   */
  byte[] treatment(Spec defense, Spec extractor, double cleanRatio) {
    String start =
        "{\"clean-ratio\":"
            + Values.text(cleanRatio)
            + ",\"defense\":"
            + json(defense)
            + (extractor.equals(Spec.NONE) ? "" : ",\"extractor\":" + json(extractor))
            + ",\"victim\":\"";
    return start.getBytes(StandardCharsets.UTF_8);
  }

  TrialId trial(byte[] treatment, VictimId victim) {
    sha256.update(treatment);
    return new TrialId(hash((victim + "\"}").getBytes(StandardCharsets.UTF_8)));
  }

  private String json(Spec spec) {
    return written.computeIfAbsent(
        spec,
        s ->
            CanonicalJson.of(
                Map.of("name", s.name(), "version", s.version(), "parameters", s.parameters())));
  }

  private long hash(byte[] rest) {
    return ByteBuffer.wrap(sha256.digest(rest)).getLong();
  }
}
