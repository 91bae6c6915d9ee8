package io.tributary.reader;

import io.tributary.time.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A trace as lines for people. */
final class TraceText {
  private static final int SHOWN_CHARACTERS = 160;

  private TraceText() {}

  static List<String> of(Trace trace) {
    List<String> lines = new ArrayList<>();
    for (Trace.Row row : trace.rows()) {
      lines.add(
          "row        %s %s  %s"
              .formatted(
                  Timestamps.isoMicros(row.tsMicros()),
                  visible(row.eventType()),
                  place(row.place())));
      add(lines, "user_id", row.userId());
      add(lines, "session_id", row.sessionId());
      add(lines, "params", row.params());
      lines.add("    digest " + row.digest());
      lines.addAll(origin(row.origin()));
    }
    for (Trace.Duplicate duplicate : trace.duplicates()) {
      lines.add("duplicate  " + place(duplicate.place()));
      lines.addAll(origin(duplicate.origin()));
    }
    for (Trace.Letter letter : trace.letters()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "letter     %s (stage %s, %,d bytes)  %s",
              letter.reason(),
              letter.stage(),
              letter.bytes(),
              place(letter.place())));
      add(lines, "because", letter.detail());
      lines.addAll(origin(letter.origin()));
    }
    lines.addAll(index(trace));
    if (!trace.foundAnything()) {
      lines.add("Nothing is known of event_id " + visible(trace.eventId()) + ".");
    }
    return lines;
  }

  private static List<String> index(Trace trace) {
    if (trace.index() instanceof Trace.IndexAnswer.Unreachable unreachable) {
      return List.of("index      " + unreachable.why());
    }
    List<String> lines = new ArrayList<>();
    if (trace.index() instanceof Trace.IndexAnswer.Documents found) {
      for (Trace.Document document : found.documents()) {
        lines.add(
            "document   %s, version %d: %s"
                .formatted(
                    document.index(),
                    document.version(),
                    document.agreesWithOneOf(trace.rows())
                        ? "holds what the row holds"
                        : "no row holds the same"));
      }
      if (found.documents().isEmpty()) {
        lines.add("index      no document");
      }
    }
    return lines;
  }

  private static void add(List<String> lines, String name, @Nullable String value) {
    if (value != null) {
      lines.add("    " + name + " " + shortened(visible(value)));
    }
  }

  private static List<String> origin(Trace.Origin origin) {
    Commit commit = origin.commit();
    if (commit == null) {
      return List.of("    version unknown (its commit is no longer in the log)", file(origin));
    }
    Long batch = origin.batch();
    return List.of(
        "    version %d of %s%s"
            .formatted(
                commit.version(),
                Instant.ofEpochMilli(commit.timestampMillis()),
                batch == null ? ", not written by the stream" : ", batch " + batch),
        file(origin));
  }

  private static String file(Trace.Origin origin) {
    return "    file " + origin.file();
  }

  private static String place(Trace.Place place) {
    String topic = place.topic();
    Long micros = place.tsMicros();
    return topic == null
        ? "not from Kafka"
        : "%s[%d]@%d%s"
            .formatted(
                topic,
                place.partition(),
                place.offset(),
                micros == null ? "" : " received " + Timestamps.isoMicros(micros));
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN_CHARACTERS
        ? text
        : text.substring(0, SHOWN_CHARACTERS)
            + String.format(Locale.ROOT, "… (%,d characters)", text.length());
  }

  /** Events come from anybody: nothing in them may move the terminal's cursor. */
  private static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.chars()
        .forEach(
            character -> {
              if (Character.isISOControl(character)) {
                visible.append(String.format(Locale.ROOT, "\\u%04x", character));
              } else {
                visible.append((char) character);
              }
            });
    return visible.toString();
  }
}
