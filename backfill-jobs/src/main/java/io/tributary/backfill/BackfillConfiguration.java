package io.tributary.backfill;

import io.tributary.event.TypedField;
import io.tributary.lake.config.ByteSize;
import io.tributary.lake.config.ConfigurationReader;
import io.tributary.lake.index.ElasticsearchSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The settings of the batch jobs; what each means stands in the reference file. */
public record BackfillConfiguration(
    Lake lake,
    Index index,
    List<TypedField> fields,
    Duration stopTimeout,
    Map<String, String> spark) {

  public BackfillConfiguration {
    Set<String> names = new HashSet<>();
    for (TypedField field : fields) {
      if (!names.add(field.name())) {
        throw new IllegalArgumentException("fields: %s is named twice".formatted(field.name()));
      }
    }
    fields = List.copyOf(fields);
    spark = Map.copyOf(spark);
  }

  public record Lake(String root, String scratch, long rememberedEvents) {
    public Lake {
      if (rememberedEvents < 1) {
        throw new IllegalArgumentException("remembered-events must be at least 1");
      }
      root = uri(root);
      scratch = uri(scratch);
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

  public record Index(
      String elasticsearch,
      String prefix,
      int shards,
      int replicas,
      Duration refreshInterval,
      int bulkEntries,
      ByteSize bulkSize,
      Map<String, String> options) {
    ElasticsearchSettings settings() {
      return new ElasticsearchSettings(
          elasticsearch, prefix, shards, replicas, refreshInterval, bulkEntries, bulkSize, options);
    }
  }

  /** The reader of this configuration, with the reference file's defaults. */
  public static ConfigurationReader<BackfillConfiguration> reader(Map<String, String> environment) {
    return ConfigurationReader.of(
        BackfillConfiguration.class, "/backfill-jobs-reference.yml", environment);
  }
}
