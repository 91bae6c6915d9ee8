package io.tributary.lake.deduplication;

import org.jspecify.annotations.Nullable;

/** A day of which hash and digest of every event are known: about 22 bytes an event. */
final class ExactDay implements KnownDay {
  private static final int PARTS = 1_024;
  private static final long BYTES_OF_EMPTY = 4L * PARTS + 32;
  private static final long BYTES_OF_PART = 112;
  private static final long MOST_BYTES_AN_EVENT = 25;

  private final @Nullable DigestMap[] parts = new @Nullable DigestMap[PARTS];
  private long events;
  private long bytes = BYTES_OF_EMPTY;

  /** How much memory a day of so many events takes at most. */
  static long bytesFor(long events) {
    return BYTES_OF_EMPTY + BYTES_OF_PART * Math.min(events, PARTS) + MOST_BYTES_AN_EVENT * events;
  }

  @Override
  public long digest(long hash) {
    DigestMap part = parts[part(hash)];
    return part == null ? NEW : part.get(hash);
  }

  @Override
  public void add(long hash, long digest) {
    int index = part(hash);
    DigestMap part = parts[index];
    if (part == null) {
      part = new DigestMap();
      parts[index] = part;
      bytes += part.bytes();
    }
    long before = part.bytes();
    if (part.add(hash, digest)) {
      events++;
      bytes += part.bytes() - before;
    }
  }

  private static int part(long hash) {
    return (int) hash & (PARTS - 1);
  }

  /** The same day, known less well in a twentieth of the memory. */
  FilteredDay filtered() {
    FilteredDay filtered = new FilteredDay(events);
    for (DigestMap part : parts) {
      if (part != null) {
        for (long hash : part.hashes()) {
          filtered.add(hash, 0);
        }
      }
    }
    return filtered;
  }

  @Override
  public long events() {
    return events;
  }

  @Override
  public long bytes() {
    return bytes;
  }
}
