package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.event.TypedField;
import io.tributary.lake.config.ByteSize;
import io.tributary.lake.config.ConfigurationException;
import io.tributary.lake.config.ConfigurationReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamingConfigurationTest {
  private static final Path SHIPPED =
      Path.of(System.getProperty("tributary.checkout", ".."), "conf", "streaming-aggregator.yml");

  private final ConfigurationReader<StreamingConfiguration> reader =
      StreamingConfiguration.reader(Map.of());

  private static String here(String path) {
    return "file://" + Path.of(path).toAbsolutePath().normalize();
  }

  /** Every key and its default, once more: a change of either must be meant. */
  private static StreamingConfiguration defaults() {
    return new StreamingConfiguration(
        List.of("lake", "index"),
        new StreamingConfiguration.Kafka(
            "localhost:9092",
            List.of("events"),
            4,
            1,
            "7d",
            new ByteSize(4L << 20),
            StreamingConfiguration.Kafka.StartingOffsets.EARLIEST,
            StreamingConfiguration.Kafka.OnGap.RECORD_AND_CONTINUE,
            Map.of()),
        new StreamingConfiguration.Lake(
            here(".tributary/lake"),
            here(".tributary/checkpoints"),
            Duration.ofMillis(500),
            250_000,
            20_000_000,
            30),
        new StreamingConfiguration.Counts(Duration.ofSeconds(10), List.of()),
        new StreamingConfiguration.Ledger(Duration.ofMinutes(1)),
        new StreamingConfiguration.Audit(Duration.ofMinutes(1), true),
        new StreamingConfiguration.Index(
            "http://localhost:9200",
            "",
            1,
            0,
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            100_000,
            2_000_000,
            5_000,
            new ByteSize(5L << 20),
            Map.of()),
        List.of(),
        new StreamingConfiguration.Metrics("127.0.0.1", 8082),
        Duration.ofSeconds(60),
        new StreamingConfiguration.Retry(Duration.ofSeconds(1), Duration.ofSeconds(30)),
        Map.of());
  }

  @Test
  void every_default_is_the_one_that_is_documented() throws Exception {
    assertThat(reader.defaults()).isEqualTo(defaults());
  }

  @Test
  void the_minimal_file_that_is_shipped_reads_and_means_the_defaults() throws Exception {
    assertThat(reader.read(SHIPPED)).isEqualTo(defaults());
  }

  @Test
  void reads_the_variables_of_the_environment() throws Exception {
    StreamingConfiguration read =
        StreamingConfiguration.reader(
                Map.of(
                    "TRIBUTARY_KAFKA", "broker:1",
                    "TRIBUTARY_TOPIC", "clicks",
                    "TRIBUTARY_ELASTICSEARCH", "https://search:2",
                    "TRIBUTARY_LAKE", "s3a://bucket/lake",
                    "TRIBUTARY_CHECKPOINTS", "/somewhere/check points",
                    "TRIBUTARY_METRICS_PORT", "0",
                    "TRIBUTARY_INDEX_PREFIX", "mine-"))
            .read(SHIPPED);

    assertThat(read.kafka().bootstrapServers()).isEqualTo("broker:1");
    assertThat(read.kafka().topics()).containsExactly("clicks");
    assertThat(read.index().elasticsearch()).isEqualTo("https://search:2");
    assertThat(read.index().prefix()).isEqualTo("mine-");
    assertThat(read.lake().root()).isEqualTo("s3a://bucket/lake");
    assertThat(read.lake().checkpoints()).isEqualTo("file:///somewhere/check points");
    assertThat(read.metrics().port()).isZero();
  }

  @Test
  void lists_all_problems_of_a_file_at_once() {
    ConfigurationException refused =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                reader.readText(
                    """
                    lake: {triger: 1s}
                    kafka: {partitions: 0, starting-offsets: newest}
                    index: {bulk-size: large}
                    retry: {first: 10s, longest: 1s}
                    """));

    assertThat(refused.problems())
        .contains(
            "unknown key lake.triger. Did you mean lake.trigger?",
            "kafka.starting-offsets: newest (must be one of earliest, latest)",
            "index.bulk-size: large (must be a size such as 64KiB, 5MiB or 1048576)",
            "retry: first must be above 0 and at most longest");
  }

  @Test
  void refuses_unknown_queries_and_none() throws Exception {
    assertThatThrownBy(() -> reader.readText("queries: [lake, trino]"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("queries: [lake, trino] (must name lake, index or both)");
    assertThatThrownBy(() -> reader.readText("queries: []"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("must name lake, index or both");
    StreamingConfiguration defaults = reader.defaults();
    assertThatThrownBy(() -> defaults.withQueries(List.of("count")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("--queries", "[count]");
  }

  @Test
  void a_dimension_must_be_a_field_and_a_field_is_named_once() {
    assertThatThrownBy(() -> reader.readText("counts: {dimensions: [platform]}"))
        .hasMessageContaining(
            "counts.dimensions: platform (must be the name of one of the fields)");
    assertThatThrownBy(
            () ->
                reader.readText(
                    """
                    fields:
                      - {name: a, path: a, type: long}
                      - {name: a, path: b, type: long}
                    """))
        .hasMessageContaining("fields: a is named twice");
  }

  @Test
  void reads_typed_fields_and_options() throws Exception {
    StreamingConfiguration read =
        reader.readText(
            """
            queries: [index]
            fields: [{name: amount, path: /sale/amount, type: long}]
            counts: {dimensions: [amount]}
            kafka: {retention: forever, options: {kafka.security.protocol: SSL}}
            spark: {spark.master: "local[1]"}
            """);

    assertThat(read.runs("lake")).isFalse();
    assertThat(read.runs("index")).isTrue();
    assertThat(read.fields())
        .containsExactly(new TypedField("amount", "/sale/amount", TypedField.Type.LONG));
    assertThat(read.kafka().retentionMillis()).isEqualTo(-1);
    assertThat(read.kafka().options()).containsEntry("kafka.security.protocol", "SSL");
    assertThat(read.spark()).containsEntry("spark.master", "local[1]");
  }
}
