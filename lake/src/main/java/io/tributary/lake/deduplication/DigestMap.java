package io.tributary.lake.deduplication;

import java.util.Arrays;

/**
 * A map from the 64-bit hash of an id to the digest of its event, for many millions of entries: 24
 * to 30 bytes an entry, smooth in growth. A general map of primitives doubles when it grows and
 * holds old and new side by side meanwhile; this one grows by a quarter, and a day has many of them
 * ({@link ExactDay}), so that at any moment only a thousandth of it is copied.
 *
 * <p>Linear probing over pairs that lie side by side, so that a look-up is one miss of the cache.
 * The hash must be well mixed: its upper half is the place, its lower half may choose among maps.
 */
final class DigestMap {
  private static final int FIRST_SLOTS = 4;

  /**
   * Grows when more than two thirds are taken. What is new is looked for up to the next free slot:
   * five slots on average at two thirds, thirteen at four fifths.
   */
  private static final int FULL_OF_THREE = 2;

  /** Hash and complement of the digest, which is never 0 because no digest is negative. */
  private long[] slots = new long[2 * FIRST_SLOTS];

  private int size;

  /** The digest under a hash, or {@link KnownDay#NEW}. */
  long get(long hash) {
    long stored = slots[2 * place(slots, hash) + 1];
    return stored == 0 ? KnownDay.NEW : ~stored;
  }

  /** Reads where the hash most likely is. */
  long touch(long hash) {
    return slots[2 * first(slots, hash)];
  }

  /**
   * Adds an entry. Of two with one hash the first stays.
   *
   * @param digest not negative
   */
  void add(long hash, long digest) {
    if (digest < 0) {
      throw new IllegalArgumentException("Invalid digest: %d (not negative)".formatted(digest));
    }
    int place = place(slots, hash);
    if (slots[2 * place + 1] != 0) {
      return;
    }
    slots[2 * place] = hash;
    slots[2 * place + 1] = ~digest;
    size++;
    if (3L * size > (long) FULL_OF_THREE * (slots.length / 2)) {
      grow();
    }
  }

  private void grow() {
    int places = slots.length / 2;
    long[] larger = new long[2 * Math.addExact(places, Math.max(places / 4, FIRST_SLOTS))];
    for (int i = 0; i < slots.length; i += 2) {
      if (slots[i + 1] != 0) {
        int place = place(larger, slots[i]);
        larger[2 * place] = slots[i];
        larger[2 * place + 1] = slots[i + 1];
      }
    }
    slots = larger;
  }

  /** Where the hash is, or where it would be put. */
  private static int place(long[] slots, long hash) {
    int places = slots.length / 2;
    int place = first(slots, hash);
    while (slots[2 * place + 1] != 0 && slots[2 * place] != hash) {
      place++;
      if (place == places) {
        place = 0;
      }
    }
    return place;
  }

  private static int first(long[] slots, long hash) {
    return (int) ((hash >>> 32) * (slots.length / 2) >>> 32);
  }

  /** All hashes, in no order. */
  long[] hashes() {
    long[] hashes = new long[size];
    int next = 0;
    for (int i = 0; i < slots.length; i += 2) {
      if (slots[i + 1] != 0) {
        hashes[next++] = slots[i];
      }
    }
    return Arrays.copyOf(hashes, next);
  }

  int size() {
    return size;
  }

  long bytes() {
    return 8L * slots.length + 48;
  }
}
