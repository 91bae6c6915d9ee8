package io.tributary.api.query;

import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import io.tributary.query.EventFilter;
import io.tributary.query.EventPosition;
import io.tributary.query.PageRequest.Order;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * Where the next page begins, as an opaque text. Layout before base64url: version (1 byte), check
 * sum of all that follows (4), fingerprint of filter and order (8), time in microseconds (8), event
 * id in UTF-8. The fingerprint keeps a cursor from silently answering another question.
 */
final class Cursor {
  private static final byte VERSION = 1;
  private static final int CHECKED_FROM = 1 + Integer.BYTES;
  private static final int FINGERPRINT_BYTES = 8;
  private static final int HEADER_BYTES = CHECKED_FROM + FINGERPRINT_BYTES + Long.BYTES;

  private Cursor() {}

  static String encode(EventPosition position, EventFilter filter, Order order) {
    byte[] id = position.eventId().getBytes(StandardCharsets.UTF_8);
    ByteBuffer cursor = ByteBuffer.allocate(HEADER_BYTES + id.length);
    cursor.put(VERSION).putInt(0).put(fingerprint(filter, order));
    cursor.putLong(position.tsMicros()).put(id);
    cursor.putInt(1, checkSum(cursor.array()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor.array());
  }

  /** Throws when the text is not a cursor, or one of another filter or order. */
  static EventPosition decode(String text, EventFilter filter, Order order) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      throw new ProblemException(Problems.brokenCursor("it has characters that no cursor has"));
    }
    if (bytes.length <= HEADER_BYTES || bytes[0] != VERSION) {
      throw new ProblemException(Problems.brokenCursor("it is not one of this API"));
    }
    ByteBuffer cursor = ByteBuffer.wrap(bytes);
    if (cursor.getInt(1) != checkSum(bytes)) {
      throw new ProblemException(Problems.brokenCursor("it was changed or cut"));
    }
    if (!Arrays.equals(
        Arrays.copyOfRange(bytes, CHECKED_FROM, CHECKED_FROM + FINGERPRINT_BYTES),
        fingerprint(filter, order))) {
      throw new ProblemException(Problems.foreignCursor());
    }
    try {
      return new EventPosition(
          cursor.getLong(CHECKED_FROM + FINGERPRINT_BYTES),
          StandardCharsets.UTF_8.newDecoder().decode(cursor.position(HEADER_BYTES)).toString());
    } catch (CharacterCodingException notUtf8) {
      throw new ProblemException(Problems.brokenCursor("it was changed or cut"));
    }
  }

  private static int checkSum(byte[] cursor) {
    CRC32 sum = new CRC32();
    sum.update(cursor, CHECKED_FROM, cursor.length - CHECKED_FROM);
    return (int) sum.getValue();
  }

  private static byte[] fingerprint(EventFilter filter, Order order) {
    try {
      byte[] canonical = EventQuery.canonical(filter, order).getBytes(StandardCharsets.UTF_8);
      return Arrays.copyOf(
          MessageDigest.getInstance("SHA-256").digest(canonical), FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }
}
