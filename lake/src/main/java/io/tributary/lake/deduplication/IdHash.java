package io.tributary.lake.deduplication;

import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A 64-bit hash of an event's id: the same that Spark SQL's {@code xxhash64(event_id)} gives, so
 * that the hashes of what is in the lake are computed where the lake is read.
 */
final class IdHash {
  private static final long SEED = 42;

  private IdHash() {}

  static long of(String eventId) {
    byte[] bytes = UTF8String.fromString(eventId).getBytes();
    return XXH64.hashUnsafeBytes(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length, SEED);
  }
}
