package io.tributary.lake.counts;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.Lists;
import io.delta.tables.DeltaTable;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import io.tributary.lake.session.SparkSessions;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The table {@code event_counts}. Its law: the counts at {@code events_version = v} are those of a
 * recount of {@code events} at version v. Kept by counting again what changed, never by adding.
 *
 * <p>Not thread-safe.
 */
public final class CountsTable {
  private static final JsonMapper JSON = new JsonMapper();

  /** So many slices are named in one commit; more would make its condition long. */
  private static final int SLICES_A_COMMIT = 50;

  private static final String VERSION_KEY = "tributary.events_version";
  private static final int COMMITS_LOOKED_BACK = 50;
  private static final long NOTHING = -1;

  private final SparkSession spark;
  private final String eventsPath;
  private final String countsPath;
  private final CountEvents countEvents;
  private final ChangedSlices changed;
  private long countedVersion;

  private CountsTable(SparkSession spark, String lakeRoot, List<String> dimensions) {
    this.spark = spark;
    this.eventsPath = LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
    this.countsPath = LakeLayout.table(lakeRoot, LakeLayout.EVENT_COUNTS);
    this.countEvents = new CountEvents(dimensions);
    this.changed = new ChangedSlices(eventsPath, spark.sparkContext().hadoopConfiguration());
  }

  /** Opens the table, making it when it is not there. */
  public static CountsTable open(SparkSession spark, String lakeRoot, List<String> dimensions) {
    CountsTable table = new CountsTable(spark, lakeRoot, dimensions);
    table.createIfAbsent(dimensions);
    table.countedVersion = table.recordedVersion();
    return table;
  }

  private void createIfAbsent(List<String> dimensions) {
    StructType events = spark.read().format("delta").load(eventsPath).schema();
    // Written as Hadoop writes it (file:/, not file:///): Delta takes two spellings for two places.
    var builder =
        DeltaTable.createIfNotExists(spark)
            .location(new Path(countsPath).toString())
            .addColumn(LakeLayout.WINDOW_START, DataTypes.TimestampType)
            .addColumn(LakeLayout.EVENT_TYPE, DataTypes.StringType);
    for (String dimension : dimensions) {
      builder.addColumn(dimension, events.apply(dimension).dataType());
    }
    builder
        .addColumn(LakeLayout.COUNT, DataTypes.LongType)
        .addColumn(LakeLayout.EVENTS_VERSION, DataTypes.LongType)
        .addColumn(LakeLayout.YEAR, DataTypes.IntegerType)
        .addColumn(LakeLayout.MONTH, DataTypes.IntegerType)
        .addColumn(LakeLayout.DAY, DataTypes.IntegerType)
        .partitionedBy(LakeLayout.YEAR, LakeLayout.MONTH, LakeLayout.DAY)
        .execute();
  }

  private long recordedVersion() {
    for (Row commit :
        DeltaTable.forPath(spark, countsPath)
            .history(COMMITS_LOOKED_BACK)
            .select("userMetadata")
            .collectAsList()) {
      Optional<Long> version = version(commit.isNullAt(0) ? "" : commit.getString(0));
      if (version.isPresent()) {
        return version.get();
      }
    }
    return NOTHING;
  }

  private static Optional<Long> version(String metadata) {
    try {
      JsonNode version = JSON.readTree(metadata).path(VERSION_KEY);
      return version.isNumber() ? Optional.of(version.asLong()) : Optional.empty();
    } catch (IOException e) {
      // Written by somebody else; an older commit of ours says it.
      return Optional.empty();
    }
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
   */
  public boolean refresh(long version) throws IOException {
    if (version <= countedVersion) {
      return false;
    }
    Optional<List<Slice>> slices =
        countedVersion == NOTHING ? Optional.empty() : changed.between(countedVersion, version);
    // Some minutes are few rows; all of them may be billions.
    Dataset<Row> events =
        (slices.isPresent() ? spark : SparkSessions.compiling(spark))
            .read()
            .format("delta")
            .option("versionAsOf", version)
            .load(eventsPath);
    if (slices.isPresent()) {
      List<List<Slice>> commits = Lists.partition(slices.get(), SLICES_A_COMMIT);
      for (int i = 0; i < commits.size(); i++) {
        // Only the last commit says that everything is counted.
        long counted = i == commits.size() - 1 ? version : countedVersion;
        replace(
            countEvents.apply(events.where(Slice.events(commits.get(i))), version),
            Slice.countsSql(commits.get(i)),
            counted);
      }
    } else {
      replace(countEvents.apply(events, version), "true", version);
    }
    boolean changedAnything = slices.isEmpty() || !slices.get().isEmpty();
    countedVersion = version;
    return changedAnything;
  }

  private void replace(Dataset<Row> counts, String slices, long counted) {
    counts
        .coalesce(1)
        .write()
        .format("delta")
        .mode("overwrite")
        .option("replaceWhere", slices)
        .option("userMetadata", "{\"%s\":%d}".formatted(VERSION_KEY, counted))
        .save(countsPath);
    Seam.passed(Step.COUNTS_COMMITTED, 0);
  }

  /** The rows counted after a version of {@code events}. */
  public Dataset<Row> countedAfter(long version) {
    return spark
        .read()
        .format("delta")
        .load(countsPath)
        .where(col(LakeLayout.EVENTS_VERSION).gt(version));
  }
}
