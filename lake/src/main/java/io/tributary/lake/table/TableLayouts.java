package io.tributary.lake.table;

import static io.tributary.lake.table.Column.Presence.OPTIONAL;
import static io.tributary.lake.table.Column.Presence.REQUIRED;
import static io.tributary.lake.table.Column.Statistics.KEPT;
import static io.tributary.lake.table.Column.Statistics.LEFT_OUT;

import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.event.TypedField;
import io.tributary.layout.LakeLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables that stream and jobs append to. */
public final class TableLayouts {
  /** Of a dead letter longer than a record may be, this much is kept, with its length and hash. */
  static final int KEPT_OF_OVERSIZED = 64 * 1024;

  private TableLayouts() {}

  /** {@code events}, with a column for every typed field behind the built-in ones. */
  public static TableLayout<EventRow> events(List<TypedField> fields) {
    List<Column<EventRow>> columns = new ArrayList<>();
    columns.add(
        new Column<>(
            LakeLayout.EVENT_ID, StringType.STRING, REQUIRED, KEPT, row -> row.event().eventId()));
    columns.add(
        new Column<>(
            LakeLayout.EVENT_TYPE,
            StringType.STRING,
            REQUIRED,
            KEPT,
            row -> row.event().eventType()));
    columns.add(
        new Column<>(
            LakeLayout.TS, TimestampType.TIMESTAMP, REQUIRED, KEPT, row -> row.event().tsMicros()));
    columns.add(
        new Column<>(
            LakeLayout.USER_ID,
            StringType.STRING,
            OPTIONAL,
            LEFT_OUT,
            row -> row.event().userId()));
    columns.add(
        new Column<>(
            LakeLayout.SESSION_ID,
            StringType.STRING,
            OPTIONAL,
            LEFT_OUT,
            row -> row.event().sessionId()));
    columns.add(
        new Column<>(
            LakeLayout.PARAMS, StringType.STRING, OPTIONAL, LEFT_OUT, row -> row.event().params()));
    columns.add(
        new Column<>(
            LakeLayout.DIGEST, LongType.LONG, REQUIRED, KEPT, row -> row.accepted().digest()));
    for (int i = 0; i < fields.size(); i++) {
      int index = i;
      TypedField field = fields.get(i);
      columns.add(
          new Column<>(
              field.name(),
              type(field.type()),
              OPTIONAL,
              field.type() == TypedField.Type.STRING
                      || field.type() == TypedField.Type.GEO_POINT
                      || field.type() == TypedField.Type.BOOLEAN
                  ? LEFT_OUT
                  : KEPT,
              row -> row.accepted().typedValues()[index]));
    }
    columns.add(kafkaTopic(row -> row.kafka()));
    columns.add(kafkaPartition(row -> row.kafka()));
    columns.add(kafkaOffset(row -> row.kafka()));
    columns.add(kafkaTimestamp(row -> row.kafka()));
    return new TableLayout<>(
        LakeLayout.EVENTS, List.copyOf(columns), Partitions.byHour(row -> row.event().tsMicros()));
  }

  /**
   * {@code event_counts}.
   *
   * @param dimensions the columns that are counted by besides minute and type
   */
  public static TableLayout<CountRow> counts(List<StructField> dimensions) {
    List<Column<CountRow>> columns = new ArrayList<>();
    columns.add(
        new Column<>(
            LakeLayout.WINDOW_START,
            TimestampType.TIMESTAMP,
            REQUIRED,
            KEPT,
            CountRow::windowMicros));
    columns.add(
        new Column<>(
            LakeLayout.EVENT_TYPE, StringType.STRING, REQUIRED, LEFT_OUT, CountRow::eventType));
    for (int i = 0; i < dimensions.size(); i++) {
      int index = i;
      columns.add(
          new Column<>(
              dimensions.get(i).getName(),
              dimensions.get(i).getDataType(),
              OPTIONAL,
              LEFT_OUT,
              row -> row.dimensions().get(index)));
    }
    columns.add(new Column<>(LakeLayout.COUNT, LongType.LONG, REQUIRED, LEFT_OUT, CountRow::count));
    columns.add(
        new Column<>(
            LakeLayout.EVENTS_VERSION, LongType.LONG, REQUIRED, KEPT, CountRow::eventsVersion));
    return new TableLayout<>(
        LakeLayout.EVENT_COUNTS, List.copyOf(columns), Partitions.byDay(CountRow::windowMicros));
  }

  /** {@code dead_letters}. */
  public static TableLayout<DeadLetter> deadLetters() {
    List<Column<DeadLetter>> columns =
        List.of(
            new Column<>(
                LakeLayout.REASON, StringType.STRING, REQUIRED, KEPT, row -> row.reason().code()),
            new Column<>(
                LakeLayout.DETAIL, StringType.STRING, OPTIONAL, LEFT_OUT, DeadLetter::detail),
            new Column<>(
                LakeLayout.STAGE, StringType.STRING, REQUIRED, KEPT, row -> row.stage().code()),
            new Column<>(
                LakeLayout.RAW, BinaryType.BINARY, OPTIONAL, LEFT_OUT, row -> kept(row.raw())),
            new Column<>(
                LakeLayout.RAW_LENGTH,
                LongType.LONG,
                REQUIRED,
                KEPT,
                row -> (long) row.raw().length),
            new Column<>(
                LakeLayout.RAW_SHA256,
                StringType.STRING,
                OPTIONAL,
                LEFT_OUT,
                row -> oversized(row.raw()) ? sha256(row.raw()) : null),
            kafkaTopic(DeadLetter::kafka),
            kafkaPartition(DeadLetter::kafka),
            kafkaOffset(DeadLetter::kafka),
            kafkaTimestamp(DeadLetter::kafka),
            new Column<>(
                LakeLayout.SOURCE_FILE,
                StringType.STRING,
                OPTIONAL,
                LEFT_OUT,
                row -> row.source() == null ? null : row.source().file()),
            new Column<>(
                LakeLayout.SOURCE_LINE,
                LongType.LONG,
                OPTIONAL,
                LEFT_OUT,
                row -> row.source() == null ? null : row.source().line()),
            new Column<>(
                LakeLayout.EVENT_ID, StringType.STRING, OPTIONAL, LEFT_OUT, DeadLetter::eventId),
            new Column<>(
                LakeLayout.RESOLVED_BY, StringType.STRING, OPTIONAL, LEFT_OUT, row -> null));
    return new TableLayout<>(
        LakeLayout.DEAD_LETTERS,
        columns,
        Partitions.<DeadLetter>byDate(row -> micros(row.kafka(), row.source())));
  }

  /** {@code duplicates}. */
  public static TableLayout<Duplicate> duplicates() {
    List<Column<Duplicate>> columns =
        List.of(
            new Column<>(
                LakeLayout.EVENT_ID, StringType.STRING, REQUIRED, KEPT, Duplicate::eventId),
            kafkaTopic(Duplicate::kafka),
            kafkaPartition(Duplicate::kafka),
            kafkaOffset(Duplicate::kafka),
            kafkaTimestamp(Duplicate::kafka));
    return new TableLayout<>(
        LakeLayout.DUPLICATES,
        columns,
        Partitions.<Duplicate>byDate(row -> micros(row.kafka(), row.source())));
  }

  /** {@code ledger}. */
  public static TableLayout<LedgerRow> ledger() {
    List<Column<LedgerRow>> columns = new ArrayList<>();
    columns.add(
        new Column<>(LakeLayout.KIND, StringType.STRING, REQUIRED, KEPT, row -> row.kind().code()));
    columns.add(
        new Column<>(LakeLayout.AT, TimestampType.TIMESTAMP, REQUIRED, KEPT, LedgerRow::atMicros));
    columns.add(ledgerColumn(LakeLayout.RUN, StringType.STRING));
    columns.add(ledgerColumn(LakeLayout.QUERY, StringType.STRING));
    columns.add(ledgerColumn(LakeLayout.BATCH, LongType.LONG));
    columns.add(ledgerColumn(LakeLayout.VERSION, LongType.LONG));
    columns.add(ledgerColumn(LakeLayout.TOPIC, StringType.STRING));
    columns.add(ledgerColumn(LakeLayout.KAFKA_PARTITION, IntegerType.INTEGER));
    columns.add(ledgerColumn(LakeLayout.FROM_OFFSET, LongType.LONG));
    columns.add(ledgerColumn(LakeLayout.UNTIL_OFFSET, LongType.LONG));
    columns.add(ledgerColumn(LakeLayout.HOUR, TimestampType.TIMESTAMP));
    for (String number :
        List.of(
            LakeLayout.RECORDS,
            LakeLayout.ROWS,
            LakeLayout.DUPLICATES,
            LakeLayout.DEAD_LETTERS,
            LakeLayout.LOST,
            LakeLayout.LAKE_COUNT,
            LakeLayout.LAKE_D0,
            LakeLayout.LAKE_D1,
            LakeLayout.LAKE_D2,
            LakeLayout.INDEX_COUNT,
            LakeLayout.INDEX_D0,
            LakeLayout.INDEX_D1,
            LakeLayout.INDEX_D2,
            LakeLayout.INDEX_REJECTED)) {
      columns.add(ledgerColumn(number, LongType.LONG));
    }
    columns.add(ledgerColumn(LakeLayout.DETAIL, StringType.STRING));
    return new TableLayout<>(
        LakeLayout.LEDGER, List.copyOf(columns), Partitions.byDate(LedgerRow::atMicros));
  }

  private static Column<LedgerRow> ledgerColumn(String name, DataType type) {
    return new Column<>(name, type, OPTIONAL, LEFT_OUT, row -> row.value(name));
  }

  private interface Coordinates<T> {
    Provenance.@Nullable Kafka of(T row);
  }

  private static <T> Function<T, @Nullable Object> ofRecord(
      Coordinates<T> kafka, Function<Provenance.Kafka, @Nullable Object> value) {
    return row -> {
      Provenance.Kafka record = kafka.of(row);
      return record == null ? null : value.apply(record);
    };
  }

  private static <T> Column<T> kafkaTopic(Coordinates<T> kafka) {
    return new Column<>(
        LakeLayout.KAFKA_TOPIC,
        StringType.STRING,
        OPTIONAL,
        KEPT,
        ofRecord(kafka, Provenance.Kafka::topic));
  }

  private static <T> Column<T> kafkaPartition(Coordinates<T> kafka) {
    return new Column<>(
        LakeLayout.KAFKA_PARTITION,
        IntegerType.INTEGER,
        OPTIONAL,
        KEPT,
        ofRecord(kafka, Provenance.Kafka::partition));
  }

  private static <T> Column<T> kafkaOffset(Coordinates<T> kafka) {
    return new Column<>(
        LakeLayout.KAFKA_OFFSET,
        LongType.LONG,
        OPTIONAL,
        KEPT,
        ofRecord(kafka, Provenance.Kafka::offset));
  }

  private static <T> Column<T> kafkaTimestamp(Coordinates<T> kafka) {
    return new Column<>(
        LakeLayout.KAFKA_TS,
        TimestampType.TIMESTAMP,
        OPTIONAL,
        KEPT,
        ofRecord(kafka, record -> record.timestampMillis() < 0 ? null : micros(record)));
  }

  /** The record's time, or the import's; a record without one belongs to the first day. */
  private static long micros(Provenance.@Nullable Kafka kafka, @Nullable SourceLine source) {
    if (source != null) {
      return source.importedMillis() * 1000;
    }
    return kafka == null ? 0 : micros(kafka);
  }

  private static long micros(Provenance.Kafka kafka) {
    return Math.max(0, kafka.timestampMillis()) * 1000;
  }

  private static DataType type(TypedField.Type type) {
    return switch (type) {
      case STRING -> StringType.STRING;
      case LONG -> LongType.LONG;
      case DOUBLE -> DoubleType.DOUBLE;
      case BOOLEAN -> BooleanType.BOOLEAN;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
      case GEO_POINT ->
          new StructType().add("lat", DoubleType.DOUBLE).add("lon", DoubleType.DOUBLE);
    };
  }

  private static boolean oversized(byte[] raw) {
    return raw.length > EventDecoder.MAX_VALUE_BYTES;
  }

  private static byte[] kept(byte[] raw) {
    return oversized(raw) ? Arrays.copyOf(raw, KEPT_OF_OVERSIZED) : raw;
  }

  private static @Nullable String sha256(byte[] raw) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(raw));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
