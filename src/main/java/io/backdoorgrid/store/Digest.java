package io.backdoorgrid.store;

import org.apache.commons.codec.digest.DigestUtils;

/** SHA-256 as short hexadecimal text. */
public final class Digest {
  private Digest() {}

  /** The first 64 bits, as all short digests and ids are printed. */
  public static String brief(byte[] bytes) {
    return DigestUtils.sha256Hex(bytes).substring(0, 16);
  }
}
