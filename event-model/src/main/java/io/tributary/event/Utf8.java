package io.tributary.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks through bytes once, before anything is made of them. */
final class Utf8 {
  /** Well-formed, and without any backslash: no string in it holds an escape. */
  static final int PLAIN = -1;

  /** Well-formed, with a backslash somewhere. */
  static final int WITH_BACKSLASH = -2;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long BACKSLASHES = 0x5c5c5c5c5c5c5c5cL;

  private Utf8() {}

  /** {@link #PLAIN}, {@link #WITH_BACKSLASH}, or the index where well-formed UTF-8 ends. */
  static int inspect(byte[] bytes) {
    int end = bytes.length;
    boolean backslash = false;
    int i = 0;
    while (i < end) {
      if (i + 8 <= end) {
        long eight = (long) EIGHT_BYTES.get(bytes, i);
        if ((eight & HIGH_BITS) == 0) {
          long difference = eight ^ BACKSLASHES;
          backslash |= ((difference - LOW_BITS) & ~difference & HIGH_BITS) != 0;
          i += 8;
          continue;
        }
      }
      int b = bytes[i];
      if (b >= 0) {
        backslash |= b == '\\';
        i++;
        continue;
      }
      int length = sequenceLength(bytes, i, end);
      if (length == 0) {
        return i;
      }
      i += length;
    }
    return backslash ? WITH_BACKSLASH : PLAIN;
  }

  /** The length of the multi-byte sequence there; 0 when it is not well-formed. */
  private static int sequenceLength(byte[] bytes, int start, int end) {
    int first = bytes[start] & 0xff;
    // The second byte rules out overlong forms, surrogates and what lies beyond U+10FFFF.
    int length;
    int lowest = 0x80;
    int highest = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
      length = 2;
    } else if (first >= 0xe0 && first <= 0xef) {
      length = 3;
      lowest = first == 0xe0 ? 0xa0 : lowest;
      highest = first == 0xed ? 0x9f : highest;
    } else if (first >= 0xf0 && first <= 0xf4) {
      length = 4;
      lowest = first == 0xf0 ? 0x90 : lowest;
      highest = first == 0xf4 ? 0x8f : highest;
    } else {
      return 0;
    }
    if (start + length > end) {
      return 0;
    }
    int second = bytes[start + 1] & 0xff;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = start + 2; i < start + length; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Whether every surrogate of the text is one of a pair. */
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
