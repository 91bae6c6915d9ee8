package io.tributary.lake.counts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.tributary.event.TypedField;
import io.tributary.lake.KafkaRecord;
import io.tributary.lake.LakeTables;
import io.tributary.lake.TestSpark;
import io.tributary.lake.sink.LakeSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountsTableTest {
  private static final TypedField PLATFORM =
      new TypedField("platform", "platform", TypedField.Type.STRING);

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-04T05:06:07Z"), ZoneOffset.UTC);

  private final SparkSession spark = TestSpark.session();

  private Path folder;
  private LakeTables lake;
  private LakeSink sink;
  private long offset;

  @BeforeEach
  void open(@TempDir Path empty) {
    folder = empty;
    lake = new LakeTables(folder);
    sink = LakeSink.open(spark, lake.uri(), List.of(PLATFORM), 1_000, 1);
  }

  @AfterEach
  void close() {
    sink.close();
  }

  /** Writes events given as {@code type time [platform]}; gives the version they are in. */
  private long write(String... events) {
    List<KafkaRecord> records = new ArrayList<>();
    for (String event : events) {
      String[] parts = event.split(" ");
      records.add(
          KafkaRecord.at(
              offset++,
              "{\"event_type\":\"%s\",\"ts\":\"%s\"%s}"
                  .formatted(
                      parts[0],
                      parts[1],
                      parts.length < 3 ? "" : ",\"platform\":\"" + parts[2] + "\"")));
    }
    return sink.write(
            KafkaRecord.batch(spark, records),
            offset,
            KafkaRecord.ranges(records),
            LakeSink.ReadCheck.NONE)
        .version();
  }

  private CountsTable counts(String... dimensions) {
    return CountsTable.open(spark, lake.uri(), List.of(dimensions), CLOCK);
  }

  /** {@code minute type count} as the table has it. */
  private List<String> counted() {
    return lake
        .table("event_counts")
        .selectExpr(
            "concat(date_format(window_start, \"yyyy-MM-dd'T'HH:mm\"), ' ', event_type, ' ', count)")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** The same, counted event by event from a version of the events. */
  private List<String> recounted(long version, String... dimensions) {
    TreeMap<String, Integer> counts = new TreeMap<>();
    for (Row row :
        spark
            .read()
            .format("delta")
            .option("versionAsOf", version)
            .load(lake.uri() + "/events")
            .selectExpr(
                "date_format(ts, \"yyyy-MM-dd'T'HH:mm\")",
                "event_type",
                "concat_ws(',', array(%s))".formatted(String.join(",", dimensions)))
            .collectAsList()) {
      counts.merge(
          row.getString(0) + " " + row.getString(1) + " |" + row.getString(2), 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .map(entry -> entry.getKey().replaceFirst("\\|.*", "") + entry.getValue())
        .sorted()
        .toList();
  }

  @Test
  void the_counts_are_those_of_a_recount_after_every_refresh() throws Exception {
    CountsTable counts = counts();
    long first =
        write("a 2016-06-10T01:02:03Z", "a 2016-06-10T01:02:59.999999Z", "b 2016-06-10T01:03:00Z");
    assertThat(counts.refresh(first)).isTrue();
    assertThat(counted())
        .containsExactly("2016-06-10T01:02 a 2", "2016-06-10T01:03 b 1")
        .isEqualTo(recounted(first));

    write("a 2016-06-10T01:59:59Z", "a 2016-06-10T02:00:00Z");
    long late = write("a 2016-06-10T01:02:30Z", "c 1999-12-31T23:59:59Z", "b 2016-06-11T00:00:00Z");
    assertThat(counts.refresh(late)).isTrue();

    assertThat(counted())
        .containsExactly(
            "1999-12-31T23:59 c 1",
            "2016-06-10T01:02 a 3",
            "2016-06-10T01:03 b 1",
            "2016-06-10T01:59 a 1",
            "2016-06-10T02:00 a 1",
            "2016-06-11T00:00 b 1")
        .isEqualTo(recounted(late));
    assertThat(counts.countedVersion()).isEqualTo(late);
  }

  @Test
  void the_counts_are_the_same_whether_the_events_are_few_or_many() throws Exception {
    CountsTable many = CountsTable.open(spark, lake.uri(), List.of("platform"), CLOCK, 0);
    many.refresh(
        write("a 2016-06-10T01:02:03Z ios", "a 2016-06-10T01:05:59Z", "b 2016-06-10T03:00:00Z"));
    write("a 2016-06-10T01:02:04Z ios", "a 2016-06-10T01:02:05Z android");
    long second = write("c 2016-06-12T23:59:59.999999Z");
    many.refresh(second);
    assertThat(counted()).isEqualTo(recounted(second, "platform"));

    // What Spark's Delta has written, for a whole day in one file, is taken on from there.
    CountsTable few = counts("platform");
    assertThat(few.countedVersion()).isEqualTo(second);
    long third = write("a 2016-06-10T01:02:59.999999Z ios", "b 2016-06-10T01:03:00Z web");
    few.refresh(third);
    assertThat(counted()).isEqualTo(recounted(third, "platform")).contains("2016-06-10T01:02 a 3");

    CountsTable manyAgain = CountsTable.open(spark, lake.uri(), List.of("platform"), CLOCK, 0);
    long fourth = write("a 2016-06-10T01:02:00Z");
    manyAgain.refresh(fourth);
    assertThat(counted()).isEqualTo(recounted(fourth, "platform"));
  }

  @Test
  void a_dimension_that_is_configured_later_gets_a_column_and_a_recount() throws Exception {
    counts().refresh(write("a 2016-06-10T01:02:03Z ios", "a 2016-06-10T01:02:04Z web"));

    CountsTable counts = counts("platform");
    long version = write("a 2016-06-11T01:02:03Z ios");
    counts.refresh(version);

    assertThat(
            lake
                .table("event_counts")
                .selectExpr("concat_ws(' ', date(window_start), platform, count)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder("2016-06-10 ios 1", "2016-06-10 web 1", "2016-06-11 ios 1");
    assertThat(counted()).isEqualTo(recounted(version, "platform"));
  }

  @Test
  void of_two_that_count_the_second_is_refused_and_goes_on_after_opening_again() throws Exception {
    counts().refresh(write("a 2016-06-10T01:02:03Z"));
    CountsTable first = counts();
    CountsTable second = counts();
    long version = write("a 2016-06-10T01:02:04Z");
    first.refresh(version);

    assertThatThrownBy(() -> second.refresh(version)).isInstanceOf(ConcurrentWriteException.class);

    assertThat(counts().countedVersion()).isEqualTo(version);
    assertThat(counted()).isEqualTo(recounted(version));
  }

  @Test
  void only_what_changed_is_counted_again() throws Exception {
    CountsTable counts = counts();
    long first = write("a 2016-06-10T01:02:03Z", "a 2016-06-10T05:00:00Z");
    counts.refresh(first);

    long second = write("a 2016-06-10T05:00:30Z");
    counts.refresh(second);

    assertThat(
            counts.countedAfter(first).selectExpr("hour(window_start)").collectAsList().stream()
                .map(row -> row.getInt(0)))
        .containsExactly(5);
    assertThat(counted()).isEqualTo(recounted(second));
  }

  @Test
  void a_refresh_without_a_change_writes_nothing() throws Exception {
    CountsTable counts = counts();
    long version = write("a 2016-06-10T01:02:03Z");
    counts.refresh(version);
    long commits = commits();

    assertThat(counts.refresh(version)).isFalse();
    assertThat(counts.refresh(version - 1)).isFalse();

    assertThat(commits()).isEqualTo(commits);
  }

  @Test
  void a_version_that_only_moved_the_position_changes_no_count() throws Exception {
    CountsTable counts = counts();
    counts.refresh(write("a 2016-06-10T01:02:03Z"));
    long commits = commits();
    List<KafkaRecord> letter = List.of(KafkaRecord.at(offset++, "no json"));
    long version =
        sink.write(
                KafkaRecord.batch(spark, letter),
                offset,
                KafkaRecord.ranges(letter),
                LakeSink.ReadCheck.NONE)
            .version();

    assertThat(counts.refresh(version)).isFalse();

    assertThat(commits()).isEqualTo(commits);
    assertThat(counts.countedVersion()).isEqualTo(version);
  }

  @Test
  void a_table_opened_again_goes_on_where_it_stood() throws Exception {
    long first = write("a 2016-06-10T01:02:03Z");
    counts().refresh(first);

    CountsTable reopened = counts();
    assertThat(reopened.countedVersion()).isEqualTo(first);
    long second = write("a 2016-06-10T07:02:03Z");
    reopened.refresh(second);

    assertThat(counted()).isEqualTo(recounted(second));
    assertThat(reopened.countedAfter(first).count()).isEqualTo(1);
  }

  @Test
  void when_the_log_no_longer_reaches_back_everything_is_counted() throws Exception {
    CountsTable counts = counts();
    counts.refresh(write("a 2016-06-10T01:02:03Z"));
    long gone = write("a 2016-06-10T01:02:04Z");
    write("b 2016-06-10T03:00:00Z");
    long last = write("b 2016-06-10T03:00:00Z");
    // Ends the writing of the log's checkpoint, which stands in for what is deleted here.
    sink.close();
    for (long version = 0; version <= gone; version++) {
      Files.delete(folder.resolve("events/_delta_log/%020d.json".formatted(version)));
    }

    assertThat(counts.refresh(last)).isTrue();

    assertThat(counted())
        .containsExactly("2016-06-10T01:02 a 2", "2016-06-10T03:00 b 2")
        .isEqualTo(recounted(last));
    sink = LakeSink.open(spark, lake.uri(), List.of(PLATFORM), 1_000, 1);
  }

  @Test
  void counts_by_the_configured_dimensions_too() throws Exception {
    CountsTable counts = counts("platform");

    counts.refresh(
        write(
            "a 2016-06-10T01:02:03Z ios",
            "a 2016-06-10T01:02:04Z ios",
            "a 2016-06-10T01:02:05Z android",
            "a 2016-06-10T01:02:06Z"));

    assertThat(
            lake
                .table("event_counts")
                .selectExpr("concat(coalesce(platform, 'null'), ' ', count)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder("ios 2", "android 1", "null 1");
  }

  @Test
  void an_empty_lake_has_no_counts() throws Exception {
    CountsTable counts = counts();

    counts.refresh(0);

    assertThat(counted()).isEmpty();
    assertThat(counts.countedVersion()).isZero();
  }

  private long commits() throws Exception {
    try (var files = Files.list(folder.resolve("event_counts/_delta_log"))) {
      return files.filter(file -> file.toString().endsWith(".json")).count();
    }
  }
}
