package io.tributary.reader;

import io.tributary.event.EventIdentity;
import io.tributary.event.Provenance;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds everything that the lake has of an event id. */
final class LakeTracer {
  private static final String KAFKA =
      "kafka_topic, kafka_partition, kafka_offset, epoch_us(kafka_ts) AS kafka_micros, _file";

  private final Lake lake;

  LakeTracer(Lake lake) {
    this.lake = lake;
  }

  /** Rows under the id, oldest first, of one UTC day of event time or of all. */
  List<Trace.Row> rows(String eventId, @Nullable LocalDate day) {
    return read(
        LakeLayout.EVENTS,
        snapshot ->
            day == null
                ? snapshot.filesWith(LakeLayout.EVENT_ID, eventId)
                : snapshot.filesWith(LakeLayout.EVENT_ID, eventId, range(day)),
        "SELECT event_type, epoch_us(ts) AS micros, user_id, session_id, params, digest, "
            + KAFKA
            + " FROM t WHERE event_id = ?"
            + (day == null ? "" : " AND epoch_us(ts) // 86400000000 = " + day.toEpochDay())
            + " ORDER BY ts",
        (row, origins) ->
            Optional.of(
                new Trace.Row(
                    row.getString("event_type"),
                    row.getLong("micros"),
                    row.getString("user_id"),
                    row.getString("session_id"),
                    row.getString("params"),
                    row.getLong("digest"),
                    place(row),
                    origins.of(row))),
        eventId);
  }

  /** Records that repeated an event of the id, in the order of Kafka. */
  List<Trace.Duplicate> duplicates(String eventId) {
    return read(
        LakeLayout.DUPLICATES,
        snapshot -> snapshot.filesWith(LakeLayout.EVENT_ID, eventId),
        "SELECT " + KAFKA + " FROM t WHERE event_id = ? ORDER BY kafka_ts, 2, 3",
        (row, origins) -> Optional.of(new Trace.Duplicate(place(row), origins.of(row))),
        eventId);
  }

  /**
   * Letters of the id: those that name it, and, when it is an id that records without one get,
   * those whose coordinates it was made of.
   */
  List<Trace.Letter> letters(String eventId) {
    boolean madeOfCoordinates = eventId.matches("k-[0-9a-f]{32}");
    return read(
        LakeLayout.DEAD_LETTERS,
        TableSnapshot::files,
        "SELECT reason, detail, stage, raw_length, event_id, "
            + KAFKA
            + " FROM t WHERE event_id = ?"
            + (madeOfCoordinates ? " OR (event_id IS NULL AND kafka_topic IS NOT NULL)" : "")
            + " ORDER BY kafka_ts, kafka_partition, kafka_offset",
        (row, origins) -> {
          Trace.Place place = place(row);
          if (row.getString("event_id") == null && !eventId.equals(idOf(place))) {
            return Optional.empty();
          }
          return Optional.of(
              new Trace.Letter(
                  row.getString("reason"),
                  row.getString("detail"),
                  row.getString("stage"),
                  row.getLong("raw_length"),
                  place,
                  origins.of(row)));
        },
        eventId);
  }

  private static @Nullable String idOf(Trace.Place place) {
    String topic = place.topic();
    Long micros = place.tsMicros();
    return topic == null
        ? null
        : EventIdentity.ofKafka(
            new Provenance.Kafka(
                topic,
                place.partition(),
                place.offset(),
                micros == null ? -1 : Math.floorDiv(micros, 1_000L)));
  }

  private static TimeRange range(LocalDate day) {
    long start = day.toEpochDay() * Timestamps.MICROS_PER_DAY;
    return new TimeRange(start, start + Timestamps.MICROS_PER_DAY);
  }

  private interface Files {
    List<DataFile> of(TableSnapshot snapshot);
  }

  private interface Mapper<T> {
    Optional<T> map(ResultSet row, Origins origins) throws SQLException;
  }

  private <T> List<T> read(
      String name, Files files, String select, Mapper<T> mapper, String eventId) {
    LakeTable table = lake.table(name);
    if (!table.exists()) {
      return List.of();
    }
    TableSnapshot snapshot = table.snapshot();
    List<DataFile> chosen = files.of(snapshot);
    Origins origins = new Origins(table, chosen);
    List<T> found = new ArrayList<>();
    snapshot
        .queryWithOrigin(chosen)
        .each(select, row -> mapper.map(row, origins).ifPresent(found::add), eventId);
    return found;
  }

  private static Trace.Place place(ResultSet row) throws SQLException {
    int partition = row.getInt("kafka_partition");
    long offset = row.getLong("kafka_offset");
    long micros = row.getLong("kafka_micros");
    boolean timeless = row.wasNull();
    return new Trace.Place(
        row.getString("kafka_topic"), partition, offset, timeless ? null : micros);
  }

  /** Looks up how files came into their table, each once. */
  private static final class Origins {
    private final LakeTable table;
    private final Map<String, DataFile> files = new HashMap<>();
    private final Map<String, Trace.Origin> known = new HashMap<>();

    Origins(LakeTable table, List<DataFile> chosen) {
      this.table = table;
      chosen.forEach(file -> files.put(LakeQuery.localPath(file), file));
    }

    Trace.Origin of(ResultSet row) throws SQLException {
      return known.computeIfAbsent(row.getString("_file"), this::find);
    }

    private Trace.Origin find(String path) {
      DataFile file = files.get(path);
      return new Trace.Origin(path, file == null ? null : table.commitThatAdded(file).orElse(null));
    }
  }
}
