package io.tributary.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.lake.table.CommittedOffsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;

/** The stream of records that both queries read. */
final class KafkaSource {
  private static final JsonMapper JSON = new JsonMapper();

  private final SparkSession spark;
  private final StreamingConfiguration.Kafka settings;

  KafkaSource(SparkSession spark, StreamingConfiguration.Kafka settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * The stream from a position on.
   *
   * @param position where the target stands; used when there is no checkpoint
   * @param beginnings the first offsets that Kafka has, for partitions without a position
   */
  Dataset<Row> stream(
      CommittedOffsets position, Map<String, Map<Integer, Long>> beginnings, long maxOffsets) {
    // Offsets that Kafka no longer has stop the query with a message: nothing is lost in silence.
    DataStreamReader reader =
        spark
            .readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", settings.bootstrapServers())
            .option("subscribe", String.join(",", settings.topics()))
            .option("startingOffsets", startingOffsets(position, beginnings))
            .option("maxOffsetsPerTrigger", maxOffsets)
            .option("failOnDataLoss", "true")
            .option("kafka.max.partition.fetch.bytes", settings.maxMessageSize().bytes())
            .option(
                "kafka.fetch.max.bytes", Math.max(52_428_800, settings.maxMessageSize().bytes()));
    settings.options().forEach(reader::option);
    return reader.load();
  }

  private String startingOffsets(
      CommittedOffsets position, Map<String, Map<Integer, Long>> beginnings) {
    if (position.isEmpty()) {
      return settings.startingOffsets().name().toLowerCase(Locale.ROOT);
    }
    Map<String, Map<String, Long>> offsets = new TreeMap<>();
    beginnings.forEach(
        (topic, partitions) ->
            partitions.forEach(
                (partition, first) ->
                    offsets
                        .computeIfAbsent(topic, name -> new TreeMap<>())
                        .put(
                            partition.toString(),
                            position.byTopic().getOrDefault(topic, Map.of()).containsKey(partition)
                                ? position.next(topic, partition)
                                : first)));
    try {
      return JSON.writeValueAsString(offsets);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
