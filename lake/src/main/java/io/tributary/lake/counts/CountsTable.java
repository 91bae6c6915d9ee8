package io.tributary.lake.counts;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Lists;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import io.tributary.lake.session.SparkSessions;
import io.tributary.lake.table.CountRow;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LiveFile;
import io.tributary.lake.table.RewrittenTable;
import io.tributary.lake.table.TableFiles;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code event_counts}. Its law: the counts at {@code events_version = v} are those of a
 * recount of {@code events} at version v. Kept by counting again what changed, never by adding.
 *
 * <p>What a running stream has touched are a few files, read and replaced without Spark's Delta;
 * more than that is left to it.
 *
 * <p>Not thread-safe.
 */
public final class CountsTable {
  private static final Logger LOG = LoggerFactory.getLogger(CountsTable.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DOMAIN = "tributary.counts";
  private static final String DIMENSIONS = "dimensions";

  /** So many slices are named in one commit; more would make its condition long. */
  private static final int SLICES_A_COMMIT = 50;

  /** Up to so many events are few. */
  private static final long FEW_EVENTS = 2_000_000;

  /** More counts than these are not held in the driver. */
  private static final int FEW_COUNTS = 200_000;

  private static final long MICROS_PER_HOUR = 3_600_000_000L;
  private static final long NOTHING = -1;

  private final SparkSession spark;
  private final Engine engine;
  private final String eventsPath;
  private final String countsPath;
  private final List<String> dimensions;
  private final CountColumns columns;
  private final CountEvents countEvents;
  private final ChangedSlices changed;
  private final RewrittenTable<CountRow> table;
  private final long fewEvents;
  private long countedVersion;

  private CountsTable(
      SparkSession spark,
      Engine engine,
      String lakeRoot,
      List<String> dimensions,
      Clock clock,
      long fewEvents) {
    this.spark = spark;
    this.engine = engine;
    this.eventsPath = LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
    this.countsPath = LakeLayout.table(lakeRoot, LakeLayout.EVENT_COUNTS);
    this.dimensions = List.copyOf(dimensions);
    List<StructField> fields = fields();
    this.columns = new CountColumns(fields);
    this.countEvents = new CountEvents(dimensions);
    this.changed = new ChangedSlices(eventsPath, spark.sparkContext().hadoopConfiguration());
    this.fewEvents = fewEvents;
    addMissing(fields);
    this.table = RewrittenTable.open(engine, lakeRoot, columns.layout(), clock);
    this.countedVersion = recordedVersion();
  }

  /** Opens the table, making it when it is not there. */
  public static CountsTable open(
      SparkSession spark, String lakeRoot, List<String> dimensions, Clock clock) {
    return open(spark, lakeRoot, dimensions, clock, FEW_EVENTS);
  }

  /**
   * @param fewEvents up to so many are counted without Spark's Delta
   */
  static CountsTable open(
      SparkSession spark, String lakeRoot, List<String> dimensions, Clock clock, long fewEvents) {
    Engine engine = LakeEngine.create(spark.sparkContext().hadoopConfiguration());
    return new CountsTable(spark, engine, lakeRoot, dimensions, clock, fewEvents);
  }

  private List<StructField> fields() {
    StructType events = TableManager.loadSnapshot(eventsPath).build(engine).getSchema();
    return dimensions.stream().map(events::get).toList();
  }

  /** Gives a table that was made earlier the columns of the dimensions configured since. */
  private void addMissing(List<StructField> fields) {
    RewrittenTable.columns(engine, countsPath)
        .ifPresent(
            there ->
                fields.stream()
                    .filter(field -> there.indexOf(field.getName()) < 0)
                    .forEach(
                        field -> {
                          spark.sql(
                              "ALTER TABLE delta.`%s` ADD COLUMNS (`%s` %s)"
                                  .formatted(
                                      countsPath, field.getName(), CountColumns.sqlType(field)));
                          LOG.info(
                              "Added column {} to {}; everything is counted again",
                              field.getName(),
                              countsPath);
                        }));
  }

  private long recordedVersion() {
    Optional<String> recorded = table.domain(DOMAIN);
    if (recorded.isEmpty()) {
      return NOTHING;
    }
    try {
      JsonNode domain = JSON.readTree(recorded.get());
      List<String> countedBy = new ArrayList<>();
      domain.path(DIMENSIONS).forEach(name -> countedBy.add(name.asText()));
      return countedBy.equals(dimensions)
          ? domain.path(LakeLayout.EVENTS_VERSION).asLong(NOTHING)
          : NOTHING;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the position of %s: %s".formatted(countsPath, recorded.get()), e);
    }
  }

  private Map<String, String> position(long counted) {
    return Map.of(
        DOMAIN,
        JSON.createObjectNode()
            .put(LakeLayout.EVENTS_VERSION, counted)
            .set(DIMENSIONS, JSON.valueToTree(dimensions))
            .toString());
  }

  /** The version of {@code events} that the counts are of; negative before the first count. */
  public long countedVersion() {
    return countedVersion;
  }

  /**
   * Counts again what has changed up to a version of {@code events}. Cut off half-way, it is done
   * again from the start the next time; what was done is only replaced by itself.
   *
   * @return whether anything had changed
   * @throws io.delta.kernel.exceptions.ConcurrentWriteException when somebody else counts too; this
   *     instance is of no use then
   */
  public boolean refresh(long version) throws IOException {
    if (version <= countedVersion) {
      return false;
    }
    Optional<List<Slice>> slices =
        countedVersion == NOTHING ? Optional.empty() : changed.between(countedVersion, version);
    if (slices.isEmpty()) {
      recount(new Everything(), version, version);
    } else {
      List<List<Slice>> commits = Lists.partition(slices.get(), SLICES_A_COMMIT);
      for (int i = 0; i < commits.size(); i++) {
        // Only the last commit says that everything is counted.
        long counted = i == commits.size() - 1 ? version : countedVersion;
        recount(new Slices(commits.get(i)), version, counted);
      }
    }
    boolean changedAnything = slices.isEmpty() || !slices.get().isEmpty();
    countedVersion = version;
    return changedAnything;
  }

  private void recount(Part part, long version, long counted) throws IOException {
    if (!recountFew(part, version, counted)) {
      recountMany(part, version, counted);
    }
    Seam.passed(Step.COUNTS_COMMITTED, 0);
  }

  /** False when that would be too much for the driver, and nothing was done. */
  private boolean recountFew(Part part, long version, long counted) throws IOException {
    List<LiveFile> events =
        part.events(
            new TableFiles(
                engine, TableManager.loadSnapshot(eventsPath).atVersion(version).build(engine)));
    List<LiveFile> replaced = part.counts(table);
    if (!FewFiles.are(events, fewEvents) || !FewFiles.are(replaced, fewEvents)) {
      return false;
    }
    Dataset<Row> counts =
        countEvents.apply(
            FewFiles.read(spark, columns.ofEvents(), events).where(part.has(LakeLayout.TS)),
            version);
    // Their files go; the rows of other minutes stay.
    Dataset<Row> kept =
        FewFiles.read(spark, columns.ofCounts(), replaced)
            .where(not(part.has(LakeLayout.WINDOW_START)));
    List<Row> rows =
        columns.inOrder(counts).union(columns.inOrder(kept)).limit(FEW_COUNTS + 1).collectAsList();
    if (rows.size() > FEW_COUNTS) {
      return false;
    }
    table.replace(replaced, byHour(rows), position(counted));
    return true;
  }

  /** A file for each hour: the next recount of an hour leaves those of the others alone. */
  private List<List<CountRow>> byHour(List<Row> rows) {
    TreeMap<Long, List<CountRow>> hours = new TreeMap<>();
    for (Row row : rows) {
      CountRow count = columns.row(row);
      hours
          .computeIfAbsent(
              Math.floorDiv(count.windowMicros(), MICROS_PER_HOUR), hour -> new ArrayList<>())
          .add(count);
    }
    return List.copyOf(hours.values());
  }

  private void recountMany(Part part, long version, long counted) {
    SparkSession compiling = SparkSessions.compiling(spark);
    Dataset<Row> events =
        compiling.read().format("delta").option("versionAsOf", version).load(eventsPath);
    countEvents
        .apply(events.where(part.eventsInFolders()), version)
        .coalesce(1)
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", part.countsSql())
        .save(countsPath);
    table.catchUp();
    table.replace(List.of(), List.of(), position(counted));
  }

  /** The rows counted after a version of {@code events}. */
  public Dataset<Row> countedAfter(long version) throws IOException {
    List<LiveFile> files = new ArrayList<>();
    for (LiveFile file : table.files()) {
      JsonNode newest =
          JSON.readTree(file.statistics().orElse("{}"))
              .path("maxValues")
              .path(LakeLayout.EVENTS_VERSION);
      if (newest.asLong(Long.MAX_VALUE) > version) {
        files.add(file);
      }
    }
    Dataset<Row> counts =
        FewFiles.are(files, fewEvents)
            ? FewFiles.read(spark, columns.ofCounts(), files)
            : spark.read().format("delta").load(countsPath);
    return counts.where(col(LakeLayout.EVENTS_VERSION).gt(version));
  }
}
