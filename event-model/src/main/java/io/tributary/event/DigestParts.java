package io.tributary.event;

/**
 * The three 21-bit parts of a digest: {@code d0} = bits 0 to 20, {@code d1} = bits 21 to 41, {@code
 * d2} = bits 42 to 62. Their sums over four billion events still fit the 53 bits that a sum in
 * Elasticsearch keeps exact, so a range is compared by (count, Σd0, Σd1, Σd2).
 */
public record DigestParts(int d0, int d1, int d2) {
  private static final int MASK = (1 << 21) - 1;

  /** The parts of a digest, which is never negative. */
  public static DigestParts of(long digest) {
    return new DigestParts(
        (int) (digest & MASK), (int) (digest >>> 21 & MASK), (int) (digest >>> 42 & MASK));
  }

  /** The digest whose parts these are. */
  public long digest() {
    return (long) d2 << 42 | (long) d1 << 21 | d0;
  }
}
