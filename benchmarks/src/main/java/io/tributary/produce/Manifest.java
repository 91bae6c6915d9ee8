package io.tributary.produce;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tributary.event.DeadLetterReason;
import io.tributary.event.Event;
import io.tributary.produce.Expectation.End;
import io.tributary.time.Timestamps;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The list of all that was sent: NDJSON, one line a record in the order of sending, with {@code
 * event_id}, {@code day}, {@code event_type}, {@code ts}, {@code end} (row, duplicate or
 * dead_letter), {@code reason} and {@code digest} (as text: it has 63 bits).
 */
public final class Manifest {
  private static final JsonFactory JSON = new JsonFactory();

  private Manifest() {}

  /**
   * One line as it is read back.
   *
   * @param tsMicros the event's time in microseconds since the epoch, 0 when it is no event
   */
  public record Line(
      End end,
      @Nullable String reason,
      @Nullable String eventId,
      @Nullable String eventType,
      long tsMicros,
      @Nullable String digest) {}

  /** Writes lines; close it to have them all on the disk. */
  public static final class Output implements AutoCloseable {
    private final Writer writer;
    private final JsonGenerator json;

    /** Replaces the file. */
    public Output(Path file) throws IOException {
      this(Files.newBufferedWriter(file));
    }

    /** Writes to any writer, which it closes. */
    public Output(Writer writer) throws IOException {
      this.writer = new BufferedWriter(writer, 1 << 16);
      this.json = JSON.createGenerator(this.writer);
      this.json.setRootValueSeparator(null);
    }

    /** Adds a line. */
    public void write(ManifestEntry entry) throws IOException {
      Expectation expectation = entry.expectation();
      Event event = entry.event();
      DeadLetterReason reason = expectation.reason();
      json.writeStartObject();
      text("event_id", expectation.eventId());
      text("day", event == null ? null : event.day().toString());
      text("event_type", event == null ? null : event.eventType());
      text("ts", event == null ? null : event.tsText());
      text("end", expectation.end().name().toLowerCase(Locale.ROOT));
      text("reason", reason == null ? null : reason.code());
      text("digest", event == null ? null : Long.toString(entry.digest()));
      json.writeEndObject();
      json.writeRaw('\n');
    }

    private void text(String name, @Nullable String value) throws IOException {
      if (value == null) {
        json.writeNullField(name);
      } else {
        json.writeStringField(name, value);
      }
    }

    @Override
    public void close() throws IOException {
      json.close();
      writer.close();
    }
  }

  /**
   * Reads a manifest line by line.
   *
   * @throws IOException when the file cannot be read or a line is none of a manifest
   */
  public static void read(Path file, Consumer<Line> consumer) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      long number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (line.isBlank()) {
          continue;
        }
        try {
          consumer.accept(line(line));
        } catch (IOException | IllegalArgumentException e) {
          throw new IOException(
              "Cannot read manifest %s: line %d is none of a manifest (%s). Write it again with scripts/produce --manifest."
                  .formatted(file, number, e.getMessage()),
              e);
        }
      }
    }
  }

  private static Line line(String text) throws IOException {
    String end = null;
    String reason = null;
    String eventId = null;
    String eventType = null;
    String ts = null;
    String digest = null;
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("not an object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        String value = parser.nextToken() == JsonToken.VALUE_NULL ? null : parser.getText();
        switch (name) {
          case "end" -> end = value;
          case "reason" -> reason = value;
          case "event_id" -> eventId = value;
          case "event_type" -> eventType = value;
          case "ts" -> ts = value;
          case "digest" -> digest = value;
          default -> parser.skipChildren();
        }
      }
    }
    if (end == null) {
      throw new IllegalArgumentException("no end");
    }
    long tsMicros =
        ts == null ? 0 : Timestamps.ofIso(ts).orElseThrow(IllegalArgumentException::new);
    return new Line(
        End.valueOf(end.toUpperCase(Locale.ROOT)), reason, eventId, eventType, tsMicros, digest);
  }
}
