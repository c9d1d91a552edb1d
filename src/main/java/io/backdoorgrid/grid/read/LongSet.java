package io.backdoorgrid.grid.read;

/** A set of longs in sixteen to thirty-two bytes each: a million ids without a million objects. */
final class LongSet {
  private long[] slots = new long[64];
  private int size;
  // Zero marks a free slot, so it is kept apart.
  private boolean hasZero;

  /** True if {@code value} was not yet there. */
  boolean add(long value) {
    if (value == 0) {
      boolean fresh = !hasZero;
      hasZero = true;
      return fresh;
    }
    if (!insert(slots, value)) {
      return false;
    }
    if (++size > slots.length / 2) {
      long[] larger = new long[slots.length * 2];
      for (long old : slots) {
        if (old != 0) {
          insert(larger, old);
        }
      }
      slots = larger;
    }
    return true;
  }

  private static boolean insert(long[] slots, long value) {
    int mask = slots.length - 1;
    // Ids are digests: their low bits are as good as any hash.
    int slot = (int) value & mask;
    while (slots[slot] != 0) {
      if (slots[slot] == value) {
        return false;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = value;
    return true;
  }
}
