package io.tributary.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.lake.config.ByteSize;
import io.tributary.lake.config.ConfigurationException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BackfillConfigurationTest {
  private static final Path SHIPPED =
      Path.of(System.getProperty("tributary.checkout", ".."), "conf", "backfill-jobs.yml");

  private static String here(String path) {
    return "file://" + Path.of(path).toAbsolutePath().normalize();
  }

  /** Every key and its default, once more: a change of either must be meant. */
  private static BackfillConfiguration defaults() {
    return new BackfillConfiguration(
        new BackfillConfiguration.Lake(
            here(".tributary/lake"), here(".tributary/checkpoints"), 20_000_000),
        new BackfillConfiguration.Index(
            "http://localhost:9200",
            "",
            1,
            0,
            Duration.ofMillis(500),
            5_000,
            new ByteSize(5L << 20),
            Map.of()),
        List.of(),
        Duration.ofSeconds(60),
        Map.of());
  }

  @Test
  void every_default_is_the_one_that_is_documented() throws Exception {
    assertThat(BackfillConfiguration.reader(Map.of()).defaults()).isEqualTo(defaults());
  }

  @Test
  void the_minimal_file_that_is_shipped_reads_and_means_the_defaults() throws Exception {
    assertThat(BackfillConfiguration.reader(Map.of()).read(SHIPPED)).isEqualTo(defaults());
  }

  @Test
  void reads_the_variables_that_the_streaming_job_reads() throws Exception {
    BackfillConfiguration read =
        BackfillConfiguration.reader(
                Map.of(
                    "TRIBUTARY_ELASTICSEARCH", "https://search:2",
                    "TRIBUTARY_LAKE", "s3a://bucket/lake",
                    "TRIBUTARY_CHECKPOINTS", "/somewhere/check points",
                    "TRIBUTARY_INDEX_PREFIX", "mine-"))
            .read(SHIPPED);

    assertThat(read.index().elasticsearch()).isEqualTo("https://search:2");
    assertThat(read.index().prefix()).isEqualTo("mine-");
    assertThat(read.lake().root()).isEqualTo("s3a://bucket/lake");
    assertThat(read.lake().scratch()).isEqualTo("file:///somewhere/check points");
  }

  @Test
  void all_problems_are_named_at_once() {
    assertThatThrownBy(
            () ->
                BackfillConfiguration.reader(Map.of())
                    .readText(
                        "lake: {remembered-events: 0}\nindex: {shardz: 2}\nfields: [{name: a, path: a, type: string}, {name: a, path: b, type: long}]"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("unknown key index.shardz. Did you mean index.shards?")
        .hasMessageContaining("remembered-events must be at least 1");
  }
}
