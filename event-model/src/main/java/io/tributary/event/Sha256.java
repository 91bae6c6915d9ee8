package io.tributary.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of texts in UTF-8. */
final class Sha256 {
  private static final int IDENTITY_BYTES = 16;

  /** Looking the algorithm up costs about as much as hashing an event. */
  private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Sha256::create);

  private Sha256() {}

  private static MessageDigest create() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(
          "Cannot hash events: this Java has no SHA-256. Use a complete Java runtime.", e);
    }
  }

  private static byte[] hash(String text) {
    return DIGEST.get().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  static long first63Bits(String text) {
    byte[] hash = hash(text);
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits = bits << 8 | (hash[i] & 0xff);
    }
    return bits >>> 1;
  }

  /** The first 16 bytes in lower hexadecimal. */
  static String identity(String text) {
    return HexFormat.of().formatHex(hash(text), 0, IDENTITY_BYTES);
  }
}
