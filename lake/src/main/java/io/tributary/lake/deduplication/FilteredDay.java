package io.tributary.lake.deduplication;

import org.apache.spark.util.sketch.BloomFilter;

/**
 * A day known by a Bloom filter over the hashes: what is certainly new passes, of the rest the lake
 * is asked. About 1.35 bytes an event, with room for an eighth more; until that is used up, one new
 * event in a hundred is suspected without cause.
 */
final class FilteredDay implements KnownDay {
  private static final double FALSE_SUSPICIONS = 0.01;
  private static final long SPARE = 1_000;
  private static final double BYTES_AN_EVENT = 1.2;

  private final BloomFilter filter;
  private final long madeFor;
  private long events;
  private int scans;

  /**
   * @param expected how many events are going to be added before new ones come
   */
  FilteredDay(long expected) {
    this.madeFor = madeFor(expected);
    this.filter = BloomFilter.create(madeFor, FALSE_SUSPICIONS);
  }

  private static long madeFor(long expected) {
    return expected + expected / 8 + SPARE;
  }

  /** How much memory a day of so many events takes. */
  static long bytesFor(long events) {
    return (long) (BYTES_AN_EVENT * madeFor(events)) + 64;
  }

  @Override
  public long digest(long hash) {
    return filter.mightContainLong(hash) ? SUSPECT : NEW;
  }

  /** Threads share the words of the filter: an event that is lost here would come in twice. */
  @Override
  public synchronized void add(long hash, long digest) {
    filter.putLong(hash);
    events++;
  }

  /** The whole day was read in the lake because of a suspicion. */
  void scanned() {
    scans++;
  }

  /** How often the whole day was read. */
  int scans() {
    return scans;
  }

  /** Whether it holds so much that it suspects too many. */
  boolean isFull() {
    return events > madeFor;
  }

  @Override
  public long events() {
    return events;
  }

  @Override
  public long bytes() {
    return filter.bitSize() / 8 + 64;
  }
}
