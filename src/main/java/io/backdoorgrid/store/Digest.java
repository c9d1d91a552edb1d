package io.backdoorgrid.store;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.DigestUtils;

/** SHA-256 as short hexadecimal text. */
public final class Digest {
  private Digest() {}

  /** The first 64 bits, as all short digests and ids are printed. */
  public static String brief(byte[] bytes) {
    return DigestUtils.sha256Hex(bytes).substring(0, 16);
  }

  /** That of a text in UTF-8: an id for whatever the text describes in full. */
  public static String brief(String text) {
    return brief(text.getBytes(StandardCharsets.UTF_8));
  }
}
