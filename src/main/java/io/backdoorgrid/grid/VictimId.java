package io.backdoorgrid.grid;

import java.io.Serializable;
import java.util.HexFormat;

/**
 * The first 64 bits of the SHA-256 of a victim's canonical JSON; printed as 16 hexadecimal digits.
 */
public record VictimId(long bits) implements Serializable {
  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(bits);
  }
}
