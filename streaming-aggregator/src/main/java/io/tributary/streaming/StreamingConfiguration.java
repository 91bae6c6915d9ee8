package io.tributary.streaming;

import io.tributary.event.TypedField;
import io.tributary.lake.config.ByteSize;
import io.tributary.lake.config.ConfigurationException;
import io.tributary.lake.config.ConfigurationReader;
import io.tributary.lake.index.ElasticsearchSettings;
import io.tributary.lake.table.StreamCommit;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of the streaming job; what each means stands in the reference file. */
public record StreamingConfiguration(
    List<String> queries,
    Kafka kafka,
    Lake lake,
    Counts counts,
    Ledger ledger,
    Audit audit,
    Index index,
    List<TypedField> fields,
    Metrics metrics,
    Duration stopTimeout,
    Retry retry,
    Map<String, String> spark) {
  static final String LAKE_QUERY = StreamCommit.LAKE_QUERY;
  static final String INDEX_QUERY = "index";

  public StreamingConfiguration {
    if (queries.isEmpty() || !Set.of(LAKE_QUERY, INDEX_QUERY).containsAll(queries)) {
      throw new IllegalArgumentException(
          "queries: %s (must name lake, index or both)".formatted(queries));
    }
    Set<String> names = new HashSet<>();
    for (TypedField field : fields) {
      if (!names.add(field.name())) {
        throw new IllegalArgumentException("fields: %s is named twice".formatted(field.name()));
      }
    }
    for (String dimension : counts.dimensions()) {
      if (!names.contains(dimension)) {
        throw new IllegalArgumentException(
            "counts.dimensions: %s (must be the name of one of the fields)".formatted(dimension));
      }
    }
    queries = List.copyOf(queries);
    fields = List.copyOf(fields);
    spark = Map.copyOf(spark);
  }

  public record Kafka(
      String bootstrapServers,
      List<String> topics,
      int partitions,
      int replication,
      String retention,
      ByteSize maxMessageSize,
      StartingOffsets startingOffsets,
      OnGap onGap,
      Map<String, String> options) {
    /** Where a stream begins that has no position yet. */
    public enum StartingOffsets {
      EARLIEST,
      LATEST
    }

    /** What to do about records that were due and that Kafka no longer has. */
    public enum OnGap {
      RECORD_AND_CONTINUE,
      STOP
    }

    public Kafka {
      if (topics.isEmpty()) {
        throw new IllegalArgumentException("topics must name at least one topic");
      }
      if (partitions < 1 || replication < 1) {
        throw new IllegalArgumentException("partitions and replication must be at least 1");
      }
      retentionMillis(retention);
      topics = List.copyOf(topics);
      options = Map.copyOf(options);
    }

    /** Milliseconds, or -1 for ever. */
    long retentionMillis() {
      return retentionMillis(retention);
    }

    private static long retentionMillis(String retention) {
      return retention.equals("forever")
          ? -1
          : ConfigurationReader.duration("retention", retention).toMillis();
    }
  }

  public record Lake(
      String root,
      String checkpoints,
      Duration trigger,
      long maxOffsetsPerTrigger,
      long rememberedEvents,
      int logCheckpointInterval) {
    public Lake {
      if (maxOffsetsPerTrigger < 1 || rememberedEvents < 1 || logCheckpointInterval < 1) {
        throw new IllegalArgumentException(
            "max-offsets-per-trigger, remembered-events and log-checkpoint-interval must be at least 1");
      }
      root = uri(root);
      checkpoints = uri(checkpoints);
    }

    /**
     * A bare path is a path of this machine, from its root, so that all processes mean the same.
     */
    private static String uri(String location) {
      return URI.create(location.replace(" ", "%20")).getScheme() == null
          ? "file://" + Path.of(location).toAbsolutePath().normalize()
          : location;
    }
  }

  public record Counts(Duration every, List<String> dimensions) {
    public Counts {
      dimensions = List.copyOf(dimensions);
    }
  }

  /**
   * @param every how often rows are added
   */
  public record Ledger(Duration every) {
    public Ledger {
      if (every.isZero()) {
        throw new IllegalArgumentException("every must be above 0");
      }
    }
  }

  /**
   * @param every how often the hours written to are compared
   * @param repair whether the index is mended
   */
  public record Audit(Duration every, boolean repair) {
    public Audit {
      if (every.isZero()) {
        throw new IllegalArgumentException("every must be above 0");
      }
    }
  }

  public record Index(
      String elasticsearch,
      String prefix,
      int shards,
      int replicas,
      Duration refreshInterval,
      Duration trigger,
      long maxOffsetsPerTrigger,
      long maxLag,
      int bulkEntries,
      ByteSize bulkSize,
      Map<String, String> options) {
    public Index {
      if (maxOffsetsPerTrigger < 1 || maxLag < maxOffsetsPerTrigger) {
        throw new IllegalArgumentException(
            "max-offsets-per-trigger must be at least 1, and max-lag at least as much");
      }
    }

    ElasticsearchSettings settings() {
      return new ElasticsearchSettings(
          elasticsearch, prefix, shards, replicas, refreshInterval, bulkEntries, bulkSize, options);
    }
  }

  public record Metrics(String host, int port) {}

  public record Retry(Duration first, Duration longest) {
    public Retry {
      if (first.isZero() || longest.compareTo(first) < 0) {
        throw new IllegalArgumentException("first must be above 0 and at most longest");
      }
    }
  }

  /** The reader of this configuration, with the reference file's defaults. */
  public static ConfigurationReader<StreamingConfiguration> reader(
      Map<String, String> environment) {
    return ConfigurationReader.of(
        StreamingConfiguration.class, "/streaming-aggregator-reference.yml", environment);
  }

  /** These settings with other queries. */
  StreamingConfiguration withQueries(List<String> others) throws ConfigurationException {
    try {
      return new StreamingConfiguration(
          others,
          kafka,
          lake,
          counts,
          ledger,
          audit,
          index,
          fields,
          metrics,
          stopTimeout,
          retry,
          spark);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("--queries", List.of(String.valueOf(e.getMessage())));
    }
  }

  boolean runs(String query) {
    return queries.contains(query);
  }
}
