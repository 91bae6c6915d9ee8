package io.tributary.reader;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Operation;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.internal.data.DefaultColumnarBatch;
import io.delta.kernel.defaults.internal.data.vector.DefaultStructVector;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.transaction.DataLayoutSpec;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import io.tributary.event.Event;
import io.tributary.event.GeoPoint;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** A real table {@code events}, written by Delta Kernel: one commit a call, one file an hour. */
final class EventTable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StructType FIRST_COLUMNS =
      new StructType()
          .add(LakeLayout.EVENT_ID, StringType.STRING)
          .add(LakeLayout.EVENT_TYPE, StringType.STRING)
          .add(LakeLayout.TS, TimestampType.TIMESTAMP)
          .add(LakeLayout.USER_ID, StringType.STRING)
          .add(LakeLayout.SESSION_ID, StringType.STRING)
          .add(LakeLayout.PARAMS, StringType.STRING)
          .add(LakeLayout.DIGEST, LongType.LONG);
  private static final StructType KAFKA_AND_PARTITION_COLUMNS =
      new StructType()
          .add(LakeLayout.KAFKA_TOPIC, StringType.STRING)
          .add(LakeLayout.KAFKA_PARTITION, IntegerType.INTEGER)
          .add(LakeLayout.KAFKA_OFFSET, LongType.LONG)
          .add(LakeLayout.KAFKA_TS, TimestampType.TIMESTAMP)
          .add(LakeLayout.YEAR, IntegerType.INTEGER)
          .add(LakeLayout.MONTH, IntegerType.INTEGER)
          .add(LakeLayout.DAY, IntegerType.INTEGER)
          .add(LakeLayout.HOUR, IntegerType.INTEGER);
  private static final StructType GEO =
      new StructType().add("lat", DoubleType.DOUBLE).add("lon", DoubleType.DOUBLE);

  private final Engine engine = DefaultEngine.create(new Configuration());
  private final String path;
  private StructType schema;
  private long nextOffset;

  private EventTable(String path, StructType schema) {
    this.path = path;
    this.schema = schema;
  }

  /** A table without rows under a lake's root, with typed fields of these names. */
  static EventTable create(String root, StructField... typed) {
    EventTable table = new EventTable(LakeLayout.table(root, LakeLayout.EVENTS), schema(typed));
    Transaction transaction =
        TableManager.buildCreateTableTransaction(table.path, table.schema, "test")
            .withDataLayoutSpec(
                DataLayoutSpec.partitioned(Hours.PARTITIONS.stream().map(Column::new).toList()))
            .build(table.engine);
    transaction.commit(table.engine, CloseableIterable.emptyIterable());
    return table;
  }

  static StructField text(String name) {
    return new StructField(name, StringType.STRING, true);
  }

  static StructField number(String name) {
    return new StructField(name, LongType.LONG, true);
  }

  static StructField time(String name) {
    return new StructField(name, TimestampType.TIMESTAMP, true);
  }

  static StructField place(String name) {
    return new StructField(name, GEO, true);
  }

  static Event event(String id, String type, String time) {
    return event(id, type, time, null, null, null);
  }

  static Event event(
      String id,
      String type,
      String time,
      @Nullable String user,
      @Nullable String session,
      @Nullable String params) {
    return new Event(id, type, micros(time), user, session, params);
  }

  static long micros(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  String path() {
    return path;
  }

  /** Adds columns, as a stream with a new configuration does. */
  void addColumns(StructField... typed) {
    for (StructField field : typed) {
      schema = schema.add(field);
    }
    ObjectNode line = line("metaData", 0);
    ((ObjectNode) line.get("metaData")).put("schemaString", schema.toJson());
    commitLines(line.toString());
  }

  /** Commits these lines of the log as they are. */
  void commitLines(String... lines) {
    long version = TableManager.loadSnapshot(path).build(engine).getVersion() + 1;
    try {
      Files.write(log(version), List.of(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a line to a version that is committed, as if its writer had written it. */
  void addToCommit(long version, String line) {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(log(version)));
      lines.add(line);
      Files.deleteIfExists(log(version).resolveSibling("." + log(version).getFileName() + ".crc"));
      Files.write(log(version), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line of the log with which a query of the stream says what its batch was. */
  static String streamLine(String query, String metadata) {
    return JSON.createObjectNode()
        .set(
            "domainMetadata",
            JSON.createObjectNode()
                .put("domain", Commit.DOMAIN_PREFIX + query)
                .put("configuration", metadata)
                .put("removed", false))
        .toString();
  }

  /** The first line of a version's log that holds this action. */
  ObjectNode line(String action, long version) {
    try {
      for (String line : Files.readAllLines(log(version))) {
        ObjectNode node = (ObjectNode) JSON.readTree(line);
        if (node.has(action)) {
          return node;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("No " + action + " in version " + version);
  }

  private java.nio.file.Path log(long version) {
    return java.nio.file.Path.of(path, "_delta_log", String.format("%020d.json", version));
  }

  /** Commits the events and returns the version that holds them. */
  long append(Event... events) {
    return append(List.of(events), Map.of());
  }

  /** As {@link #append(Event...)}, every row with these values of typed fields. */
  long append(List<Event> events, Map<String, @Nullable Object> typedValues) {
    Transaction transaction =
        TableManager.loadSnapshot(path)
            .build(engine)
            .buildUpdateTableTransaction("test", Operation.WRITE)
            .build(engine);
    Row state = transaction.getTransactionState(engine);
    Map<List<Integer>, List<Event>> byHour = new LinkedHashMap<>();
    for (Event event : events) {
      byHour.computeIfAbsent(hour(event), ignored -> new ArrayList<>()).add(event);
    }
    List<Row> actions = new ArrayList<>();
    byHour.forEach((hour, rows) -> write(state, hour, rows, typedValues, actions));
    return transaction
        .commit(
            engine,
            CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())))
        .getVersion();
  }

  private void write(
      Row state,
      List<Integer> hour,
      List<Event> events,
      Map<String, @Nullable Object> typedValues,
      List<Row> actions) {
    Map<String, Literal> partition = new HashMap<>();
    for (int i = 0; i < hour.size(); i++) {
      partition.put(Hours.PARTITIONS.get(i), Literal.ofInt(hour.get(i)));
    }
    try (CloseableIterator<FilteredColumnarBatch> physical =
        Transaction.transformLogicalData(
            engine,
            state,
            Utils.singletonCloseableIterator(batch(events, hour, typedValues)),
            partition)) {
      DataWriteContext context = Transaction.getWriteContext(engine, state, partition);
      try (CloseableIterator<DataFileStatus> written =
              engine
                  .getParquetHandler()
                  .writeParquetFiles(
                      context.getTargetDirectory(), physical, context.getStatisticsColumns());
          CloseableIterator<Row> added =
              Transaction.generateAppendActions(
                  engine, state, written.map(this::inPlace), context)) {
        added.forEachRemaining(actions::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Kernel's default engine takes the URI of the table's folder for its path: what it wrote under
   * {@code a%20b} belongs under {@code a b}, where any other writer puts it.
   */
  private DataFileStatus inPlace(DataFileStatus file) {
    String written = file.getPath().replaceFirst("^file:", "");
    java.nio.file.Path right =
        java.nio.file.Path.of(path, written.substring(written.indexOf("/year=")));
    try {
      Files.createDirectories(right.getParent());
      Files.move(java.nio.file.Path.of(written), right);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private FilteredColumnarBatch batch(
      List<Event> events, List<Integer> hour, Map<String, @Nullable Object> typedValues) {
    ColumnVector[] columns = new ColumnVector[schema.length()];
    for (int i = 0; i < columns.length; i++) {
      StructField field = schema.at(i);
      List<@Nullable Object> values = new ArrayList<>();
      for (Event event : events) {
        values.add(value(event, field.getName(), hour, typedValues));
      }
      columns[i] = vector(values, field.getDataType());
    }
    return new FilteredColumnarBatch(
        new DefaultColumnarBatch(events.size(), schema, columns), Optional.empty());
  }

  @SuppressWarnings("NullAway") // Kernel's vector takes nulls for nulls.
  private static ColumnVector vector(List<@Nullable Object> values, DataType type) {
    if (type.equals(GEO)) {
      List<@Nullable Object> lat = new ArrayList<>();
      List<@Nullable Object> lon = new ArrayList<>();
      for (Object value : values) {
        lat.add(value instanceof GeoPoint point ? point.lat() : null);
        lon.add(value instanceof GeoPoint point ? point.lon() : null);
      }
      return new DefaultStructVector(
          values.size(),
          GEO,
          Optional.of(absent(values)),
          new ColumnVector[] {
            vector(lat, DoubleType.DOUBLE), vector(lon, DoubleType.DOUBLE),
          });
    }
    return VectorUtils.buildColumnVector(values, type);
  }

  private static boolean[] absent(List<@Nullable Object> values) {
    boolean[] absent = new boolean[values.size()];
    for (int i = 0; i < absent.length; i++) {
      absent[i] = values.get(i) == null;
    }
    return absent;
  }

  private @Nullable Object value(
      Event event, String column, List<Integer> hour, Map<String, @Nullable Object> typedValues) {
    return switch (column) {
      case LakeLayout.EVENT_ID -> event.eventId();
      case LakeLayout.EVENT_TYPE -> event.eventType();
      case LakeLayout.TS, LakeLayout.KAFKA_TS -> event.tsMicros();
      case LakeLayout.USER_ID -> event.userId();
      case LakeLayout.SESSION_ID -> event.sessionId();
      case LakeLayout.PARAMS -> event.params();
      case LakeLayout.DIGEST -> 0L;
      case LakeLayout.KAFKA_TOPIC -> "events";
      case LakeLayout.KAFKA_PARTITION -> 3;
      case LakeLayout.KAFKA_OFFSET -> nextOffset++;
      default ->
          Hours.PARTITIONS.contains(column)
              ? hour.get(Hours.PARTITIONS.indexOf(column))
              : typedValues.get(column);
    };
  }

  private static List<Integer> hour(Event event) {
    OffsetDateTime time =
        Instant.EPOCH.plus(event.tsMicros(), ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    return List.of(time.getYear(), time.getMonthValue(), time.getDayOfMonth(), time.getHour());
  }

  private static StructType schema(StructField... typed) {
    List<StructField> fields = new ArrayList<>(FIRST_COLUMNS.fields());
    fields.addAll(List.of(typed));
    fields.addAll(KAFKA_AND_PARTITION_COLUMNS.fields());
    return new StructType(fields);
  }
}
