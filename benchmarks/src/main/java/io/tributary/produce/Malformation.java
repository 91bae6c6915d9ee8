package io.tributary.produce;

import io.tributary.event.DeadLetterReason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The ways in which real producers get events wrong, and the dead letter each has to become. */
enum Malformation {
  /** A line that somebody's loop wrote without an event. */
  BLANK(DeadLetterReason.EMPTY) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(" ");
    }
  },
  /** A record cut off on its way. */
  CUT_OFF(DeadLetterReason.NOT_JSON) {
    @Override
    byte[] value(String id, String ts) {
      return utf8("{\"event_id\":\"" + id + "\",\"event_type\":\"page_view\",\"ts\":" + ts);
    }
  },
  /** A log line in the wrong topic. */
  PLAIN_TEXT(DeadLetterReason.NOT_JSON) {
    @Override
    byte[] value(String id, String ts) {
      return utf8("WARN  c.e.Checkout - payment " + id + " timed out");
    }
  },
  /** A whole batch as one record. */
  ARRAY(DeadLetterReason.NOT_AN_OBJECT) {
    @Override
    byte[] value(String id, String ts) {
      return utf8("[" + event(id, "\"page_view\"", ts, "") + "]");
    }
  },
  /** A text in Latin-1. */
  LATIN1(DeadLetterReason.INVALID_UTF8) {
    @Override
    byte[] value(String id, String ts) {
      byte[] before = utf8("{\"event_id\":\"" + id + "\",\"event_type\":\"caf");
      byte[] after = utf8("\",\"ts\":" + ts + "}");
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(before);
      bytes.write(0xE9);
      bytes.writeBytes(after);
      return bytes.toByteArray();
    }
  },
  /** An emoji cut in half. */
  HALF_EMOJI(DeadLetterReason.INVALID_UNICODE) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id, "\"page_view\"", ts, ",\"params\":{\"title\":\"nice \\ud83d\"}"));
    }
  },
  /** The same name twice. */
  REPEATED_KEY(DeadLetterReason.DUPLICATE_KEY) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id, "\"page_view\"", ts, ",\"user_id\":\"a\",\"user_id\":\"b\""));
    }
  },
  /** A tree without end. */
  DEEP(DeadLetterReason.TOO_DEEP) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(
          event(
              id,
              "\"page_view\"",
              ts,
              ",\"params\":" + "{\"next\":".repeat(30) + "1" + "}".repeat(30)));
    }
  },
  /** No type. */
  NO_TYPE(DeadLetterReason.MISSING_EVENT_TYPE) {
    @Override
    byte[] value(String id, String ts) {
      return utf8("{\"event_id\":\"" + id + "\",\"ts\":" + ts + ",\"type\":\"page_view\"}");
    }
  },
  /** A type that is no text. */
  NUMBER_AS_TYPE(DeadLetterReason.INVALID_EVENT_TYPE) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id, "7", ts, ""));
    }
  },
  /** No time. */
  NO_TIME(DeadLetterReason.MISSING_TS) {
    @Override
    byte[] value(String id, String ts) {
      return utf8("{\"event_id\":\"" + id + "\",\"event_type\":\"page_view\"}");
    }
  },
  /** A time for people. */
  SPOKEN_TIME(DeadLetterReason.INVALID_TS) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id, "\"page_view\"", "\"yesterday at noon\"", ""));
    }
  },
  /** A clock that was never set. */
  CLOCK_BEFORE_1970(DeadLetterReason.TS_OUT_OF_RANGE) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id, "\"page_view\"", "-62135596800", ""));
    }
  },
  /** An id that holds a whole document. */
  LONG_ID(DeadLetterReason.INVALID_EVENT_ID) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id.repeat(4), "\"page_view\"", ts, ""));
    }
  },
  /** A user as an object. */
  OBJECT_AS_USER(DeadLetterReason.INVALID_USER_ID) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id, "\"page_view\"", ts, ",\"user_id\":{\"id\":1}"));
    }
  },
  /** A session as a list. */
  LIST_AS_SESSION(DeadLetterReason.INVALID_SESSION_ID) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id, "\"page_view\"", ts, ",\"session_id\":[\"s\"]"));
    }
  },
  /** Params as JSON in a text. */
  TEXT_AS_PARAMS(DeadLetterReason.INVALID_PARAMS) {
    @Override
    byte[] value(String id, String ts) {
      return utf8(event(id, "\"page_view\"", ts, ",\"params\":\"{\\\"a\\\":1}\""));
    }
  };

  private final DeadLetterReason reason;

  Malformation(DeadLetterReason reason) {
    this.reason = reason;
  }

  DeadLetterReason reason() {
    return reason;
  }

  /**
   * The record.
   *
   * @param id a fresh id
   * @param ts a good time as JSON
   */
  abstract byte[] value(String id, String ts);

  private static String event(String id, String type, String ts, String rest) {
    return "{\"event_id\":\"" + id + "\",\"event_type\":" + type + ",\"ts\":" + ts + rest + "}";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
