package io.tributary.backfill;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Ids of runs: UUIDs of version 7, so that they sort by the time of their start. */
final class RunId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private RunId() {}

  static String at(Instant start) {
    long high = start.toEpochMilli() << 16 | 0x7000 | RANDOM.nextInt(0x1000);
    long low = RANDOM.nextLong() >>> 2 | 1L << 63;
    return new UUID(high, low).toString();
  }
}
