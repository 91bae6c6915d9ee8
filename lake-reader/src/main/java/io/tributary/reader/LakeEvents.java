package io.tributary.reader;

import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.tributary.event.Event;
import io.tributary.event.GeoPoint;
import io.tributary.layout.LakeLayout;
import io.tributary.query.Counted;
import io.tributary.query.EventCounts;
import io.tributary.query.EventFilter;
import io.tributary.query.EventPage;
import io.tributary.query.EventPosition;
import io.tributary.query.EventSearch;
import io.tributary.query.KafkaPosition;
import io.tributary.query.PageRequest;
import io.tributary.query.PageRequest.Order;
import io.tributary.query.QueryUnavailableException;
import io.tributary.query.SourceMeta;
import io.tributary.query.StoredEvent;
import io.tributary.time.TimeRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The events of a lake behind the query ports. Every call reads the newest version of the table and
 * answers from that one version, which it names in {@link SourceMeta#dataVersion()}.
 */
public final class LakeEvents implements EventCounts, EventSearch {
  private static final Set<String> BUILT_IN =
      Set.of(
          LakeLayout.EVENT_ID,
          LakeLayout.EVENT_TYPE,
          LakeLayout.TS,
          LakeLayout.USER_ID,
          LakeLayout.SESSION_ID,
          LakeLayout.PARAMS,
          LakeLayout.DIGEST,
          LakeLayout.KAFKA_TOPIC,
          LakeLayout.KAFKA_PARTITION,
          LakeLayout.KAFKA_OFFSET,
          LakeLayout.KAFKA_TS,
          LakeLayout.YEAR,
          LakeLayout.MONTH,
          LakeLayout.DAY,
          LakeLayout.HOUR);

  /** Rows looked at in one go while params are checked one by one: bounds the memory of a sort. */
  private static final int CANDIDATES = 4_000;

  private final LakeTable table;

  LakeEvents(LakeTable table) {
    this.table = table;
  }

  /** The table behind. */
  public LakeTable table() {
    return table;
  }

  @Override
  public Counted count(EventFilter filter) throws QueryUnavailableException {
    try {
      TableSnapshot snapshot = table.snapshot();
      return new Counted(count(snapshot, filter), meta(snapshot));
    } catch (LakeUnreadableException e) {
      throw LakeErrors.unavailable(e);
    }
  }

  @Override
  public EventPage search(EventFilter filter, PageRequest page) throws QueryUnavailableException {
    try {
      TableSnapshot snapshot = table.snapshot();
      long total = count(snapshot, filter);
      List<StoredEvent> events = total == 0 ? List.of() : page(snapshot, filter, page);
      boolean last = events.size() <= page.limit();
      List<StoredEvent> shown = last ? events : events.subList(0, page.limit());
      EventPosition next = last ? null : position(shown.get(shown.size() - 1));
      return new EventPage(shown, total, next, meta(snapshot));
    } catch (LakeUnreadableException e) {
      throw LakeErrors.unavailable(e);
    }
  }

  @Override
  public Optional<StoredEvent> byId(String eventId) throws QueryUnavailableException {
    try {
      TableSnapshot snapshot = table.snapshot();
      Fields fields = new Fields(snapshot);
      return snapshot
          .query(snapshot.filesWith(LakeLayout.EVENT_ID, eventId))
          .list(
              fields.select() + " FROM t WHERE event_id = ? ORDER BY ts DESC LIMIT 1",
              fields::read,
              eventId)
          .stream()
          .findFirst();
    } catch (LakeUnreadableException e) {
      throw LakeErrors.unavailable(e);
    }
  }

  /**
   * The key of every stored event of a range, in no order, each row once: an id stored twice comes
   * twice.
   *
   * @throws LakeUnreadableException when the lake cannot be read
   */
  public List<EventKey> ids(TimeRange range) {
    List<EventKey> keys = new ArrayList<>();
    eachId(range, keys::add);
    return keys;
  }

  /** As {@link #ids}, without holding them in memory. */
  public void eachId(TimeRange range, Consumer<EventKey> consumer) {
    TableSnapshot snapshot = table.snapshot();
    snapshot
        .queryOfFirstColumns(snapshot.files(range))
        .each(
            "SELECT event_id, event_type, epoch_us(ts) FROM t WHERE " + inside(range),
            row ->
                consumer.accept(new EventKey(row.getString(1), row.getString(2), row.getLong(3))));
  }

  /** How many different (id, UTC day) a range holds. */
  public long distinctIds(TimeRange range) {
    TableSnapshot snapshot = table.snapshot();
    return snapshot
        .queryOfFirstColumns(snapshot.files(range))
        .number(
            "SELECT count(*) FROM (SELECT DISTINCT event_id, epoch_us(ts) // 86400000000 FROM t"
                + " WHERE "
                + inside(range)
                + ")");
  }

  private static long count(TableSnapshot snapshot, EventFilter filter) {
    Condition condition = new Condition(filter);
    List<DataFile> files = files(snapshot, filter);
    if (condition.onlyRange()) {
      return countRange(snapshot, files, filter.range());
    }
    LakeQuery query = snapshot.queryOfFirstColumns(files);
    if (condition.params.isEmpty()) {
      return query.number("SELECT count(*) FROM t WHERE " + condition.sql, condition.parameters());
    }
    long[] count = {0};
    query.each(
        "SELECT params FROM t WHERE " + condition.sql,
        row -> {
          if (condition.params.matches(row.getString(1))) {
            count[0]++;
          }
        },
        condition.parameters());
    return count[0];
  }

  /** Hours that lie inside as a whole are counted from the log alone, only the borders are read. */
  private static long countRange(TableSnapshot snapshot, List<DataFile> files, TimeRange range) {
    long counted = 0;
    List<DataFile> borders = new ArrayList<>();
    for (DataFile file : files) {
      Long numRecords = file.numRecords();
      if (numRecords != null && Hours.isWholeHourInside(file.partitionValues(), range)) {
        counted += numRecords;
      } else {
        borders.add(file);
      }
    }
    return borders.isEmpty()
        ? counted
        : counted
            + snapshot
                .queryOfFirstColumns(borders)
                .number("SELECT count(*) FROM t WHERE " + inside(range));
  }

  /** At most one more than the page's limit, which tells whether another page follows. */
  private static List<StoredEvent> page(
      TableSnapshot snapshot, EventFilter filter, PageRequest page) {
    Fields fields = new Fields(snapshot);
    Condition condition = new Condition(filter);
    LakeQuery query = snapshot.query(files(snapshot, filter));
    int wanted = page.limit() + 1;
    int chunk = condition.params.isEmpty() ? wanted : Math.max(wanted, CANDIDATES);
    List<StoredEvent> found = new ArrayList<>();
    EventPosition after = page.after();
    while (true) {
      List<@Nullable Object> parameters = new ArrayList<>(condition.parameters);
      String sql =
          fields.select()
              + " FROM t WHERE "
              + condition.sql
              + beyond(after, page.order(), parameters)
              + " ORDER BY ts "
              + page.order()
              + ", event_id "
              + page.order()
              + " LIMIT "
              + chunk;
      List<StoredEvent> candidates = query.list(sql, fields::read, parameters.toArray());
      for (StoredEvent candidate : candidates) {
        if (condition.params.matches(candidate.event().params())) {
          found.add(candidate);
          if (found.size() == wanted) {
            return found;
          }
        }
      }
      if (candidates.size() < chunk) {
        return found;
      }
      after = position(candidates.get(candidates.size() - 1));
    }
  }

  private static String beyond(
      @Nullable EventPosition after, Order order, List<@Nullable Object> parameters) {
    if (after == null) {
      return "";
    }
    String sign = order == Order.ASC ? ">" : "<";
    parameters.add(after.eventId());
    String time = time(after.tsMicros());
    return " AND ts %s= %s AND (ts %s %s OR event_id %s ?)".formatted(sign, time, sign, time, sign);
  }

  private static EventPosition position(StoredEvent event) {
    return new EventPosition(event.event().tsMicros(), event.event().eventId());
  }

  private static List<DataFile> files(TableSnapshot snapshot, EventFilter filter) {
    String eventId = filter.eventId();
    return eventId == null
        ? snapshot.files(filter.range())
        : snapshot.filesWith(LakeLayout.EVENT_ID, eventId, filter.range());
  }

  private SourceMeta meta(TableSnapshot snapshot) {
    Optional<Instant> completeThrough = CompleteThrough.of(snapshot);
    return new SourceMeta(
        "lake",
        completeThrough.orElse(null),
        completeThrough.isPresent() ? null : "the stream's newest commit does not say",
        snapshot.version());
  }

  private static String inside(TimeRange range) {
    return "ts >= " + time(range.startMicros()) + " AND ts < " + time(range.endMicros());
  }

  private static String time(long micros) {
    return "make_timestamp(" + micros + ")::TIMESTAMPTZ";
  }

  /** The WHERE of a filter, with its parameters, and what only {@link ParamsFilter} can decide. */
  private static final class Condition {
    final String sql;
    final List<@Nullable Object> parameters = new ArrayList<>();
    final ParamsFilter params;

    Condition(EventFilter filter) {
      List<String> terms = new ArrayList<>();
      terms.add(inside(filter.range()));
      equal(terms, LakeLayout.EVENT_TYPE, filter.eventType());
      equal(terms, LakeLayout.USER_ID, filter.userId());
      equal(terms, LakeLayout.SESSION_ID, filter.sessionId());
      equal(terms, LakeLayout.EVENT_ID, filter.eventId());
      params = new ParamsFilter(filter.params());
      for (String text : params.necessaryTexts()) {
        terms.add("contains(params, ?)");
        parameters.add(text);
      }
      sql = String.join(" AND ", terms);
    }

    boolean onlyRange() {
      return parameters.isEmpty();
    }

    @Nullable Object[] parameters() {
      return parameters.toArray();
    }

    private void equal(List<String> terms, String column, @Nullable String value) {
      if (value != null) {
        terms.add(column + " = ?");
        parameters.add(value);
      }
    }
  }

  /** The columns of a stored event, and how to read a row of them. */
  private static final class Fields {
    private static final List<String> FIRST =
        List.of(
            LakeLayout.EVENT_ID,
            LakeLayout.EVENT_TYPE,
            "epoch_us(ts)",
            LakeLayout.USER_ID,
            LakeLayout.SESSION_ID,
            LakeLayout.PARAMS,
            LakeLayout.KAFKA_TOPIC,
            LakeLayout.KAFKA_PARTITION,
            LakeLayout.KAFKA_OFFSET,
            "epoch_us(kafka_ts)");

    private final List<StructField> typed;

    Fields(TableSnapshot snapshot) {
      typed =
          snapshot.schema().fields().stream()
              .filter(field -> !BUILT_IN.contains(field.getName()))
              .toList();
    }

    String select() {
      List<String> columns = new ArrayList<>(FIRST);
      for (StructField field : typed) {
        String name = SqlTypes.name(field.getName());
        DataType type = field.getDataType();
        if (type instanceof TimestampType) {
          columns.add("epoch_us(" + name + ")");
        } else if (type instanceof StructType) {
          columns.add(name + ".lat");
          columns.add(name + ".lon");
        } else {
          columns.add(name);
        }
      }
      return columns.stream().collect(Collectors.joining(", ", "SELECT ", ""));
    }

    StoredEvent read(ResultSet row) throws SQLException {
      Event event =
          new Event(
              row.getString(1),
              row.getString(2),
              row.getLong(3),
              row.getString(4),
              row.getString(5),
              row.getString(6));
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      int column = FIRST.size() + 1;
      for (StructField field : typed) {
        DataType type = field.getDataType();
        if (type instanceof StructType) {
          Object lat = row.getObject(column++);
          Object lon = row.getObject(column++);
          fields.put(
              field.getName(),
              lat instanceof Double latitude && lon instanceof Double longitude
                  ? new GeoPoint(latitude, longitude)
                  : null);
        } else if (type instanceof TimestampType) {
          Object micros = row.getObject(column++);
          fields.put(field.getName(), micros instanceof Long value ? instant(value) : null);
        } else {
          fields.put(field.getName(), row.getObject(column++));
        }
      }
      return new StoredEvent(event, fields, kafka(row));
    }

    private static @Nullable KafkaPosition kafka(ResultSet row) throws SQLException {
      String topic = row.getString(7);
      int partition = row.getInt(8);
      long offset = row.getLong(9);
      long timestampMicros = row.getLong(10);
      return topic == null
          ? null
          : new KafkaPosition(topic, partition, offset, instant(timestampMicros));
    }

    private static Instant instant(long micros) {
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
  }
}
