package io.tributary.event;

import org.jspecify.annotations.Nullable;

/**
 * The one spelling of a JSON text: no spaces, members sorted by the code points of their names,
 * numbers as received, strings escaped as little as JSON allows. Spelling a canonical text again
 * changes nothing.
 */
public final class CanonicalJson {
  private static final String HEX = "0123456789abcdef";

  private CanonicalJson() {}

  /**
   * The canonical spelling of one JSON text of any kind, by the rules for events: no duplicate
   * names, no unpaired surrogates, no depth beyond that of {@code params}. A byte order mark and
   * white space around it are left out.
   */
  public static String canonical(byte[] jsonUtf8) throws InvalidJsonException {
    JsonDocument document = JsonDocument.read(jsonUtf8);
    JsonValue root = document.root();
    if (document.problem() != null) {
      throw new InvalidJsonException(document.problem(), document.detail());
    }
    if (root == null) {
      throw new IllegalStateException("Cannot spell a JSON text: it was not read.");
    }
    return of(root);
  }

  static String of(JsonValue value) {
    Spelling spelling = new Spelling(CanonicalJson::appendString);
    spelling.append(value);
    return spelling.out.toString();
  }

  /** The same for a value that was read without any escape: none of its strings needs one. */
  static String ofUnescaped(JsonValue value) {
    Spelling spelling = new Spelling(CanonicalJson::appendUnescaped);
    spelling.append(value);
    return spelling.out.toString();
  }

  private static void appendUnescaped(StringBuilder out, String text) {
    out.append('"').append(text).append('"');
  }

  /** How the strings of a value are written. */
  private interface Strings {
    void append(StringBuilder out, String text);
  }

  /** One value being spelled. */
  private static final class Spelling {
    final StringBuilder out = new StringBuilder(256);
    private final Strings strings;

    Spelling(Strings strings) {
      this.strings = strings;
    }

    /** Calls itself at most as deep as {@code params} may be; reading has seen to that. */
    void append(JsonValue value) {
      if (value instanceof JsonValue.Text text) {
        strings.append(out, text.text());
      } else if (value instanceof JsonValue.Number number) {
        out.append(number.literal());
      } else if (value instanceof JsonValue.Literal literal) {
        out.append(literal.text());
      } else if (value instanceof JsonValue.Members members) {
        out.append('{');
        for (int i = 0; i < members.size(); i++) {
          if (i > 0) {
            out.append(',');
          }
          strings.append(out, members.name(i));
          out.append(':');
          append(members.value(i));
        }
        out.append('}');
      } else if (value instanceof JsonValue.Array array) {
        out.append('[');
        for (int i = 0; i < array.elements.size(); i++) {
          if (i > 0) {
            out.append(',');
          }
          append(array.elements.get(i));
        }
        out.append(']');
      }
    }
  }

  /** An event; what is null is left out. The names stand in the order of their code points. */
  static String ofEvent(
      @Nullable String eventId,
      String eventType,
      String tsText,
      @Nullable String userId,
      @Nullable String sessionId,
      @Nullable String params) {
    StringBuilder out = new StringBuilder(160 + (params == null ? 0 : params.length()));
    out.append('{');
    if (eventId != null) {
      out.append("\"event_id\":");
      appendString(out, eventId);
      out.append(',');
    }
    out.append("\"event_type\":");
    appendString(out, eventType);
    if (params != null) {
      out.append(",\"params\":").append(params);
    }
    if (sessionId != null) {
      out.append(",\"session_id\":");
      appendString(out, sessionId);
    }
    out.append(",\"ts\":\"").append(tsText).append('"');
    if (userId != null) {
      out.append(",\"user_id\":");
      appendString(out, userId);
    }
    return out.append('}').toString();
  }

  /** Appends the text as a JSON string with its quotes, escaped as little as JSON allows. */
  public static void appendString(StringBuilder out, String text) {
    int length = text.length();
    int plain = 0;
    while (plain < length && !mustEscape(text.charAt(plain))) {
      plain++;
    }
    out.append('"');
    if (plain == length) {
      // A whole string is copied at once, a part of one character by character.
      out.append(text);
    } else {
      out.append(text, 0, plain);
      for (int i = plain; i < length; i++) {
        char c = text.charAt(i);
        if (mustEscape(c)) {
          appendEscaped(out, c);
        } else {
          out.append(c);
        }
      }
    }
    out.append('"');
  }

  private static boolean mustEscape(char c) {
    return c < ' ' || c == '"' || c == '\\';
  }

  private static void appendEscaped(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
    }
  }
}
