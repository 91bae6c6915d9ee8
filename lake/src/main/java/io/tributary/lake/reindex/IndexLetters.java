package io.tributary.lake.reindex;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_millis;

import io.delta.kernel.engine.Engine;
import io.delta.tables.DeltaTable;
import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import io.tributary.lake.table.BlindAppend;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.TableLayouts;
import io.tributary.layout.LakeLayout;
import io.tributary.time.Timestamps;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The letters of stage {@code index}: which events are rows without a document, and Elasticsearch's
 * words why. A letter is kept once, however often its document is refused.
 */
public final class IndexLetters {
  /** The UTC day of the event, a date; with {@link LakeLayout#EVENT_ID} its identity. */
  public static final String EVENT_DAY = "event_day";

  private static final StructType IDENTITY =
      new StructType()
          .add(EVENT_DAY, DataTypes.IntegerType, false)
          .add(LakeLayout.EVENT_ID, DataTypes.StringType, false);

  private static final int IDS_ASKED_FOR = 1_000;

  private final SparkSession spark;
  private final Engine engine;
  private final String lakeRoot;

  public IndexLetters(SparkSession spark, Engine engine, String lakeRoot) {
    this.spark = spark;
    this.engine = engine;
    this.lakeRoot = lakeRoot;
  }

  /**
   * The identities of all refused events: {@code event_day} in days since the epoch, {@code
   * event_id}. Each is named once.
   */
  public Dataset<Row> identities() {
    return letters()
        .map(this::identities)
        .orElseGet(() -> spark.createDataFrame(List.of(), IDENTITY));
  }

  /** Empty when the lake has no letters at all; asking makes nothing. */
  private Optional<Dataset<Row>> letters() {
    String path = LakeLayout.table(lakeRoot, LakeLayout.DEAD_LETTERS);
    return DeltaTable.isDeltaTable(spark, path)
        ? Optional.of(
            spark
                .read()
                .format("delta")
                .load(path)
                .where(col(LakeLayout.STAGE).equalTo(DeadLetter.Stage.INDEX.code())))
        : Optional.empty();
  }

  private Dataset<Row> identities(Dataset<Row> letters) {
    // The letter has the event's own text, and only that says on which day the event was.
    var identities =
        letters
            .where(col(LakeLayout.RAW).isNotNull())
            .select(
                col(LakeLayout.RAW),
                col(LakeLayout.KAFKA_TOPIC),
                col(LakeLayout.KAFKA_PARTITION),
                col(LakeLayout.KAFKA_OFFSET),
                unix_millis(col(LakeLayout.KAFKA_TS)))
            .toJavaRDD()
            .mapPartitions(
                rows -> {
                  EventDecoder decoder = new EventDecoder(List.of());
                  Iterable<Row> all = () -> rows;
                  return StreamSupport.stream(all.spliterator(), false)
                      .flatMap(row -> identity(row, decoder).stream())
                      .iterator();
                });
    return spark.createDataFrame(identities, IDENTITY).distinct();
  }

  private static Optional<Row> identity(Row row, EventDecoder decoder) {
    Provenance.Kafka kafka =
        row.isNullAt(1)
            ? null
            : new Provenance.Kafka(
                row.getString(1),
                row.getInt(2),
                row.getLong(3),
                row.isNullAt(4) ? -1 : row.getLong(4));
    return identity(row.getAs(0), kafka, decoder)
        .map(identity -> RowFactory.create(identity.day(), identity.eventId()));
  }

  private static Optional<Identity> identity(
      byte[] raw, Provenance.@Nullable Kafka kafka, EventDecoder decoder) {
    Provenance provenance = kafka == null ? new Provenance.Import(-1, "") : kafka;
    return decoder.decode(raw, provenance) instanceof Decoded.Accepted accepted
        ? Optional.of(
            new Identity(
                (int) Math.floorDiv(accepted.event().tsMicros(), Timestamps.MICROS_PER_DAY),
                accepted.event().eventId()))
        : Optional.empty();
  }

  /**
   * Adds the letters of events that have none yet.
   *
   * @return how many were added
   */
  public long add(List<DeadLetter> letters) {
    if (letters.isEmpty()) {
      return 0;
    }
    EventDecoder decoder = new EventDecoder(List.of());
    Set<Identity> known = new HashSet<>(known(letters));
    List<DeadLetter> added =
        letters.stream()
            .filter(
                letter ->
                    identity(letter.raw(), letter.kafka(), decoder).map(known::add).orElse(true))
            .toList();
    BlindAppend.besideTheStream(engine, lakeRoot, TableLayouts.deadLetters()).append(added);
    return added.size();
  }

  private List<Identity> known(List<DeadLetter> letters) {
    Object[] ids = letters.stream().map(DeadLetter::eventId).distinct().toArray();
    return letters().stream()
        .map(
            stored ->
                ids.length <= IDS_ASKED_FOR
                    ? stored.where(col(LakeLayout.EVENT_ID).isin(ids))
                    : stored)
        .flatMap(stored -> identities(stored).collectAsList().stream())
        .map(row -> new Identity(row.getInt(0), row.getString(1)))
        .toList();
  }

  private record Identity(int day, String eventId) {}
}
