package io.tributary.lake.deduplication;

import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A day of which hash and digest of every event are known: about 27 bytes an event. */
final class ExactDay implements KnownDay {
  /** A power of two. */
  static final int PARTS = 1_024;

  private static final long BYTES_OF_EMPTY = 4L * PARTS + 32;
  private static final long BYTES_OF_PART = 112;
  private static final long MOST_BYTES_AN_EVENT = 30;

  private final @Nullable DigestMap[] parts = new @Nullable DigestMap[PARTS];

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
  public long touch(long hash) {
    DigestMap part = parts[part(hash)];
    return part == null ? 0 : part.touch(hash);
  }

  /** Threads may add at the same time whose hashes never share their last bits. */
  @Override
  public void add(long hash, long digest) {
    int index = part(hash);
    DigestMap part = parts[index];
    if (part == null) {
      part = new DigestMap();
      parts[index] = part;
    }
    part.add(hash, digest);
  }

  /** Which of its maps a hash is in; by its last bits. */
  static int part(long hash) {
    return (int) hash & (PARTS - 1);
  }

  /** The same day, known less well in a twentieth of the memory. */
  FilteredDay filtered() {
    FilteredDay filtered = new FilteredDay(events());
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
    return sum(DigestMap::size);
  }

  @Override
  public long bytes() {
    return BYTES_OF_EMPTY + sum(DigestMap::bytes);
  }

  private long sum(ToLongFunction<DigestMap> figure) {
    long sum = 0;
    for (DigestMap part : parts) {
      if (part != null) {
        sum += figure.applyAsLong(part);
      }
    }
    return sum;
  }
}
