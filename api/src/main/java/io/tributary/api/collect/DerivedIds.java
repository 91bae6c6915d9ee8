package io.tributary.api.collect;

import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import io.tributary.event.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * UUIDs of version 8, from the request's {@code Idempotency-Key}, the event's position and its
 * content: the same request gets the same ids however often it is sent. The content is part of it
 * so that a key used for two different requests by mistake does not make their events conflict.
 */
final class DerivedIds implements EventIds {
  private static final int MAX_KEY_CHARACTERS = 255;

  private final String key;

  /** Throws when the key is not 1 to 255 printable ASCII characters. */
  DerivedIds(String key) {
    if (key.isEmpty()
        || key.length() > MAX_KEY_CHARACTERS
        || !key.chars().allMatch(character -> character >= 0x20 && character < 0x7F)) {
      throw new ProblemException(
          Problems.invalidIdempotencyKey(
              "must be 1 to %d printable ASCII characters".formatted(MAX_KEY_CHARACTERS)));
    }
    this.key = key;
  }

  @Override
  public String assign(int position, Event event) {
    String name = key + "\n" + position + "\n" + event.canonicalJson();
    ByteBuffer hash = ByteBuffer.wrap(sha256(name.getBytes(StandardCharsets.UTF_8)));
    long high = (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x8000L;
    long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }
}
