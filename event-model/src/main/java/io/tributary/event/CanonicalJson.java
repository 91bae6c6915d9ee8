package io.tributary.event;

/**
 * The one spelling of a JSON text: no spaces, members sorted by the code points of their names,
 * numbers as received, strings escaped as little as JSON allows.
 */
public final class CanonicalJson {
  private CanonicalJson() {}

  /** The canonical spelling of one JSON text of any kind. */
  public static String canonical(byte[] jsonUtf8) throws InvalidJsonException {
    throw new UnsupportedOperationException();
  }

  /** Appends the text as a JSON string with its quotes, escaped as little as JSON allows. */
  public static void appendString(StringBuilder out, String text) {
    throw new UnsupportedOperationException();
  }
}
