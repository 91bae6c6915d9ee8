package io.tributary.lake.counts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.lake.table.LiveFile;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The times between which all rows of a file lie, as the log has them.
 *
 * @param fromMicros the smallest, microseconds since the epoch
 * @param toMicros the largest
 */
record Span(long fromMicros, long toMicros) {
  private static final JsonMapper JSON = new JsonMapper();

  /** The log keeps milliseconds, and cuts off what is below. */
  private static final long CUT_OFF = 999;

  /** Empty when the log does not say. */
  static Optional<Span> of(JsonNode statistics, String column) {
    String from = statistics.path("minValues").path(column).asText("");
    String to = statistics.path("maxValues").path(column).asText("");
    return from.isEmpty() || to.isEmpty()
        ? Optional.empty()
        : Optional.of(new Span(micros(from), micros(to) + CUT_OFF));
  }

  /** Whether a file may hold rows of slices. */
  static boolean mayMeet(LiveFile file, String column, List<Slice> slices) throws IOException {
    Optional<Span> span = of(JSON.readTree(file.statistics().orElse("{}")), column);
    return span.isEmpty() || slices.stream().anyMatch(slice -> span.get().meets(slice));
  }

  private boolean meets(Slice slice) {
    return fromMicros < slice.untilMicros() && toMicros >= slice.fromMicros();
  }

  private static long micros(String time) {
    OffsetDateTime parsed = OffsetDateTime.parse(time);
    return parsed.toEpochSecond() * 1_000_000 + parsed.getNano() / 1_000;
  }
}
