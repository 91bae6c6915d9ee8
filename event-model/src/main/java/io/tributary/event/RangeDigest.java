package io.tributary.event;

import java.io.Serializable;

/**
 * The digest of a set of events: how many they are and the sums of the parts of their digests. Two
 * sets with equal digests hold the same events, as far as 63 bits an event can tell; the order in
 * which they are summed does not matter.
 *
 * @param count how many events
 * @param d0 the sum of {@link DigestParts#d0}
 * @param d1 the sum of {@link DigestParts#d1}
 * @param d2 the sum of {@link DigestParts#d2}
 */
public record RangeDigest(long count, long d0, long d1, long d2) implements Serializable {
  /** The digest of no events. */
  public static final RangeDigest NONE = new RangeDigest(0, 0, 0, 0);

  /** The digest of a single event. */
  public static RangeDigest of(long digest) {
    DigestParts parts = DigestParts.of(digest);
    return new RangeDigest(1, parts.d0(), parts.d1(), parts.d2());
  }

  /** The digest of the events of both sets, which have none in common. */
  public RangeDigest plus(RangeDigest other) {
    return new RangeDigest(count + other.count, d0 + other.d0, d1 + other.d1, d2 + other.d2);
  }

  /** The digest of what is left when a part of the set is taken out. */
  public RangeDigest minus(RangeDigest part) {
    return new RangeDigest(count - part.count, d0 - part.d0, d1 - part.d1, d2 - part.d2);
  }
}
