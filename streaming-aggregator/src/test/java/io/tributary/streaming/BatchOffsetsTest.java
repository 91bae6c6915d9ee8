package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.lake.table.OffsetRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchOffsetsTest {
  private Path checkpoint;

  @BeforeEach
  void writeAsSparkDoes(@TempDir Path folder) throws IOException {
    checkpoint = folder;
    Files.createDirectories(checkpoint.resolve("offsets"));
    Files.createDirectories(checkpoint.resolve("sources/0"));
    // A zero byte stands in front of the first offsets, for the sake of Spark 2.1.
    Files.writeString(checkpoint.resolve("sources/0/0"), "\0v1\n{\"events\":{\"1\":3,\"0\":10}}");
    batch(0, "{\"events\":{\"1\":5,\"0\":10}}");
    batch(1, "{\"events\":{\"2\":4,\"1\":5,\"0\":12}}");
  }

  private void batch(int number, String offsets) throws IOException {
    Files.writeString(
        checkpoint.resolve("offsets/" + number),
        "v1\n{\"batchWatermarkMs\":0,\"batchTimestampMs\":1,\"conf\":{\"a\":\"b\"}}\n" + offsets);
  }

  private BatchOffsets offsets() {
    return new BatchOffsets(checkpoint.toUri().toString(), new Configuration());
  }

  @Test
  void the_first_batch_begins_where_the_source_began() {
    assertThat(offsets().of(0))
        .containsExactly(new OffsetRange("events", 0, 10, 10), new OffsetRange("events", 1, 3, 5));
  }

  @Test
  void a_later_batch_begins_where_the_one_before_ended_and_a_new_partition_at_0() {
    assertThat(offsets().of(1))
        .containsExactly(
            new OffsetRange("events", 0, 10, 12),
            new OffsetRange("events", 1, 5, 5),
            new OffsetRange("events", 2, 0, 4));
  }

  @Test
  void without_a_finished_batch_nothing_is_committed() {
    assertThat(offsets().committed().isEmpty()).isTrue();
  }

  @Test
  void stands_where_the_last_finished_batch_ended() throws IOException {
    Files.createDirectories(checkpoint.resolve("commits"));
    Files.writeString(checkpoint.resolve("commits/0"), "v1\n{}");
    Files.writeString(checkpoint.resolve("commits/.1.crc"), "half written");

    assertThat(offsets().committed().byTopic()).isEqualTo(Map.of("events", Map.of(0, 10L, 1, 5L)));
  }

  @Test
  void a_missing_file_is_named_with_the_remedy() {
    assertThatThrownBy(() -> offsets().of(7))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContainingAll("offsets/", "Delete the checkpoint folder and start again");
  }
}
