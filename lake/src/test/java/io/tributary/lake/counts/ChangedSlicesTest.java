package io.tributary.lake.counts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangedSlicesTest {
  private static final long HOUR = Instant.parse("2016-06-10T01:00:00Z").getEpochSecond() / 3600;
  private static final String PARTITION =
      "\"partitionValues\":{\"year\":\"2016\",\"month\":\"6\",\"day\":\"10\",\"hour\":\"1\"}";

  private Path table;
  private Path log;

  @BeforeEach
  void makeLog(@TempDir Path folder) throws IOException {
    table = folder;
    log = Files.createDirectories(table.resolve("_delta_log"));
  }

  private void commit(int version, String... actions) throws IOException {
    Files.writeString(
        log.resolve("%020d.json".formatted(version)), String.join("\n", actions) + "\n");
  }

  private ChangedSlices changed() {
    return new ChangedSlices(table.toUri().toString(), new Configuration());
  }

  private static String file(String action, String from, String to) {
    String statistics =
        "{\\\"numRecords\\\":2,\\\"minValues\\\":{\\\"ts\\\":\\\"%s\\\"},\\\"maxValues\\\":{\\\"ts\\\":\\\"%s\\\"}}"
            .formatted(from, to);
    return "{\"%s\":{\"path\":\"x.parquet\",%s,\"dataChange\":true,\"stats\":\"%s\"}}"
        .formatted(action, PARTITION, statistics);
  }

  @Test
  void a_file_touches_the_minutes_between_its_smallest_and_largest_time() throws Exception {
    commit(
        1,
        "{\"commitInfo\":{\"operation\":\"STREAMING UPDATE\"}}",
        file("add", "2016-06-10T01:07:59.999Z", "2016-06-10T01:09:00.000Z"));

    assertThat(changed().between(0, 1)).contains(List.of(new Slice(HOUR, 7, 9)));
  }

  @Test
  void files_of_one_hour_make_one_slice_that_covers_them() throws Exception {
    commit(1, file("add", "2016-06-10T01:30:00.000Z", "2016-06-10T01:31:00.000Z"));
    commit(2, file("add", "2016-06-10T01:05:00.000Z", "2016-06-10T01:06:00.000Z"));

    assertThat(changed().between(0, 2)).contains(List.of(new Slice(HOUR, 5, 31)));
    assertThat(changed().between(1, 2)).contains(List.of(new Slice(HOUR, 5, 6)));
  }

  @Test
  void a_removed_file_touches_its_minutes_too() throws Exception {
    commit(1, file("remove", "2016-06-10T01:30:00.000Z", "2016-06-10T01:30:59.000Z"));

    assertThat(changed().between(0, 1)).contains(List.of(new Slice(HOUR, 30, 30)));
  }

  @Test
  void an_offset_in_a_time_is_respected() throws Exception {
    commit(1, file("add", "2016-06-09T23:07:00.000-02:30", "2016-06-10T01:38:00.000Z"));

    assertThat(changed().between(0, 1)).contains(List.of(new Slice(HOUR, 37, 38)));
  }

  @Test
  void a_file_without_statistics_touches_its_whole_hour() throws Exception {
    commit(1, "{\"add\":{\"path\":\"x\",%s,\"dataChange\":true}}".formatted(PARTITION));

    assertThat(changed().between(0, 1)).contains(List.of(new Slice(HOUR, 0, 59)));
  }

  @Test
  void a_compaction_touches_nothing() throws Exception {
    commit(1, "{\"add\":{\"path\":\"x\",%s,\"dataChange\":false}}".formatted(PARTITION));

    assertThat(changed().between(0, 1)).contains(List.of());
  }

  @Test
  void a_log_that_begins_later_tells_nothing() throws Exception {
    commit(2, file("add", "2016-06-10T01:07:00.000Z", "2016-06-10T01:09:00.000Z"));

    assertThat(changed().between(0, 2)).isEmpty();
  }

  @Test
  void slices_before_and_after_the_hour_differ() {
    long start = HOUR * 3_600_000_000L;

    assertThat(Slice.of(start, start)).isEqualTo(new Slice(HOUR, 0, 0));
    assertThat(Slice.of(start - 1, start - 1)).isEqualTo(new Slice(HOUR - 1, 59, 59));
    assertThat(Slice.of(start + 59_999_999, start + 60_000_000)).isEqualTo(new Slice(HOUR, 0, 1));
  }

  @Test
  void a_slice_names_its_counts_by_day_and_minutes() {
    assertThat(Slice.countsSql(List.of(new Slice(HOUR, 7, 9))))
        .isEqualTo(
            "(year = 2016 AND month = 6 AND day = 10 AND window_start >= timestamp_micros(%d) AND window_start < timestamp_micros(%d))"
                .formatted(
                    HOUR * 3_600_000_000L + 7 * 60_000_000L,
                    HOUR * 3_600_000_000L + 10 * 60_000_000L));
    assertThat(Slice.countsSql(List.of())).isEqualTo("false");
  }
}
