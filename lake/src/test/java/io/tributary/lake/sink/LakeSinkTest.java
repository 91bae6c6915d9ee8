package io.tributary.lake.sink;

import static io.tributary.lake.KafkaRecord.RECEIVED_MILLIS;
import static io.tributary.lake.KafkaRecord.at;
import static io.tributary.lake.KafkaRecord.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.event.TypedField;
import io.tributary.lake.KafkaRecord;
import io.tributary.lake.LakeTables;
import io.tributary.lake.TestSpark;
import io.tributary.lake.seam.Step;
import io.tributary.lake.seam.TestIntruder;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.FencedException;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LakeTableException;
import io.tributary.lake.table.LostRange;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.Writer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeSinkTest {
  private final SparkSession spark = TestSpark.session();

  private Path folder;
  private LakeTables lake;
  private LakeSink sink;
  private long batch;

  @BeforeEach
  void open(@TempDir Path empty) {
    folder = empty;
    lake = new LakeTables(folder.resolve("lake"));
    sink = open(lake, List.of());
  }

  @AfterEach
  void close() {
    sink.close();
  }

  private LakeSink open(LakeTables tables, List<TypedField> fields) {
    return LakeSink.open(spark, tables.uri(), fields, 1_000_000, 100);
  }

  private void reopen(TypedField... fields) {
    sink.close();
    sink = open(lake, List.of(fields));
  }

  private LakeSink.Written write(KafkaRecord... records) {
    return write(List.of(records));
  }

  private LakeSink.Written write(List<KafkaRecord> records) {
    return write(sink, records);
  }

  private LakeSink.Written write(LakeSink to, List<KafkaRecord> records) {
    return to.write(
        KafkaRecord.batch(spark, records),
        batch++,
        KafkaRecord.ranges(records),
        LakeSink.ReadCheck.NONE);
  }

  @Test
  void every_record_ends_as_a_row_a_duplicate_or_a_letter() {
    LakeSink.Written written =
        write(
            at(0, event("a")),
            at(1, event("b")),
            at(2, "no json"),
            at(3, event("a")),
            at(4, event("a", "2016-06-10T01:02:03Z", 2)),
            new KafkaRecord(null, KafkaRecord.TOPIC, 0, 5, RECEIVED_MILLIS),
            at(6, event("c")));

    assertThat(lake.rows()).containsExactly("a@0:0", "b@0:1", "c@0:6");
    assertThat(lake.duplicates()).containsExactly("a@0:3");
    assertThat(lake.letters()).containsExactly("empty@0:5", "id_conflict@0:4", "not_json@0:2");
    assertThat(written.commit().read()).isEqualTo(7);
    assertThat(written.commit().rows()).isEqualTo(3);
    assertThat(written.commit().duplicates()).isEqualTo(1);
    assertThat(written.commit().deadLetters())
        .isEqualTo(Map.of("empty", 1L, "id_conflict", 1L, "not_json", 1L));
    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(7);
  }

  @Test
  void a_row_holds_the_event_as_it_was_received() {
    write(
        at(
            2,
            41,
            RECEIVED_MILLIS,
            "{\"event_id\":\"a\",\"event_type\":\"Buy\",\"ts\":1465520523.1234567,\"user_id\":7,\"session_id\":\"s\",\"params\":{\"z\":1e400,\"a\":null},\"extra\":\"x\"}"));

    Row row =
        lake.table("events")
            .selectExpr(
                "event_id",
                "event_type",
                "date_format(ts, \"yyyy-MM-dd'T'HH:mm:ss.SSSSSS\")",
                "user_id",
                "session_id",
                "params",
                "kafka_topic",
                "kafka_partition",
                "kafka_offset",
                "unix_millis(kafka_ts)",
                "concat_ws('/', year, month, day, hour)",
                "digest")
            .head();

    assertThat(row.mkString("|"))
        .startsWith(
            "a|Buy|2016-06-10T01:02:03.123456|7|s|{\"a\":null,\"extra\":\"x\",\"z\":1e400}|events|2|41|1466380800000|2016/6/10/1|");
    assertThat(row.getLong(11)).isPositive();
    assertThat(folder.resolve("lake/events/year=2016/month=6/day=10/hour=1")).isDirectory();
  }

  @Test
  void in_one_batch_the_record_first_received_wins() {
    write(
        at(1, 5, RECEIVED_MILLIS + 9, event("late")),
        at(1, 6, RECEIVED_MILLIS + 1, event("late")),
        at(0, 7, RECEIVED_MILLIS + 5, event("late")),
        at(1, 8, RECEIVED_MILLIS, event("tie")),
        at(0, 9, RECEIVED_MILLIS, event("tie")),
        at(0, 8, RECEIVED_MILLIS, event("tie")));

    assertThat(lake.rows()).containsExactly("late@1:6", "tie@0:8");
    assertThat(lake.duplicates()).containsExactly("late@0:7", "late@1:5", "tie@0:9", "tie@1:8");
  }

  @Test
  void of_different_events_with_one_id_the_first_received_wins_and_the_rest_are_settled_by_it() {
    write(
        at(0, 0, RECEIVED_MILLIS + 5, event("a", "2016-06-10T01:02:03Z", 1)),
        at(0, 1, RECEIVED_MILLIS + 2, event("a", "2016-06-10T01:02:03Z", 2)),
        at(0, 2, RECEIVED_MILLIS + 9, event("a", "2016-06-10T01:02:03Z", 2)),
        at(0, 3, RECEIVED_MILLIS + 1, event("b")));

    assertThat(lake.rows()).containsExactly("a@0:1", "b@0:3");
    assertThat(lake.duplicates()).containsExactly("a@0:2");
    assertThat(lake.letters()).containsExactly("id_conflict@0:0");
  }

  @Test
  void across_batches_what_is_committed_wins_even_over_a_record_received_before() {
    write(at(0, 10, RECEIVED_MILLIS + 10, event("a")));
    write(at(1, 3, RECEIVED_MILLIS, event("a")));

    assertThat(lake.rows()).containsExactly("a@0:10");
    assertThat(lake.duplicates()).containsExactly("a@1:3");
  }

  @Test
  void a_new_sink_knows_what_an_earlier_one_wrote() {
    write(at(0, event("a")), at(1, event("b")));

    reopen();
    LakeSink.Written written =
        write(at(2, event("a")), at(3, event("b", "2016-06-10T01:02:03Z", 2)), at(4, event("c")));

    assertThat(lake.rows()).containsExactly("a@0:0", "b@0:1", "c@0:4");
    assertThat(lake.duplicates()).containsExactly("a@0:2");
    assertThat(lake.letters()).containsExactly("id_conflict@0:3");
    assertThat(written.commit().rows()).isEqualTo(1);
  }

  @Test
  void the_same_id_on_two_days_is_two_rows() {
    write(
        at(0, event("a", "2016-06-10T23:59:59.999999Z", 1)),
        at(1, event("a", "2016-06-11T00:00:00Z", 1)),
        // Half past nine in the evening here is past midnight in UTC.
        at(2, event("a", "2016-06-10T21:30:00-02:30", 1)));

    assertThat(lake.rows()).containsExactly("a@0:0", "a@0:1");
    assertThat(lake.duplicates()).containsExactly("a@0:2");
  }

  @Test
  void a_letter_of_a_conflict_holds_the_bytes_and_the_id() {
    String other = event("a", "2016-06-10T09:00:00Z", 2);
    write(at(0, event("a")));

    write(at(1, other));

    Row letter =
        lake.table("dead_letters")
            .selectExpr("raw", "raw_length", "event_id", "stage", "detail", "string(date)")
            .head();
    assertThat((byte[]) letter.get(0)).asString(StandardCharsets.UTF_8).isEqualTo(other);
    assertThat(letter.getLong(1)).isEqualTo(other.length());
    assertThat(letter.getString(2)).isEqualTo("a");
    assertThat(letter.getString(3)).isEqualTo("conflict");
    assertThat(letter.getString(4)).contains("2016-06-10");
    assertThat(letter.getString(5)).isEqualTo("2016-06-20");
  }

  @Test
  void the_same_batch_once_more_changes_nothing() {
    List<KafkaRecord> records =
        List.of(at(0, event("a")), at(1, event("a")), at(2, "no json"), at(3, event("b")));
    write(records);
    List<String> before = lake.everything();

    LakeSink.Written again = write(records);
    assertThat(lake.everything()).isEqualTo(before);
    assertThat(again.commit().read()).isZero();
    reopen();
    write(records);

    assertThat(lake.everything()).isEqualTo(before);
    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(4);
  }

  @Test
  void of_an_overlapping_batch_only_the_new_records_are_written() {
    write(at(0, event("a")), at(1, "no json"), at(2, event("a")));

    reopen();
    LakeSink.Written written =
        write(
            at(1, "no json"), at(2, event("a")), at(3, event("b")), at(4, "{}"), at(5, event("b")));

    assertThat(lake.rows()).containsExactly("a@0:0", "b@0:3");
    assertThat(lake.duplicates()).containsExactly("a@0:2", "b@0:5");
    assertThat(lake.letters()).containsExactly("missing_event_type@0:4", "not_json@0:1");
    assertThat(written.commit().offsets())
        .containsExactly(new OffsetRange(KafkaRecord.TOPIC, 0, 3, 6));
    assertThat(written.commit().read()).isEqualTo(3);
  }

  @Test
  void a_batch_of_letters_alone_moves_the_position() {
    write(at(0, "no json"), at(1, "[]"));

    assertThat(lake.rows()).isEmpty();
    assertThat(lake.letters()).containsExactly("not_an_object@0:1", "not_json@0:0");
    reopen();
    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(2);
  }

  @Test
  void a_batch_without_records_moves_the_position_over_the_offsets_it_spans() {
    LakeSink.Written written =
        sink.write(
            KafkaRecord.batch(spark, List.of()),
            0,
            List.of(new OffsetRange(KafkaRecord.TOPIC, 3, 10, 25)),
            LakeSink.ReadCheck.NONE);

    assertThat(written.commit().read()).isZero();
    assertThat(lake.everything()).isEmpty();
    reopen();
    assertThat(sink.committed().next(KafkaRecord.TOPIC, 3)).isEqualTo(25);
  }

  @Test
  void positions_of_other_partitions_and_topics_survive_a_commit() {
    write(at(0, 4, RECEIVED_MILLIS, event("a")));
    write(at(1, 8, RECEIVED_MILLIS, event("b")));
    reopen();
    KafkaRecord other =
        new KafkaRecord(
            event("c").getBytes(StandardCharsets.UTF_8), "others", 0, 1, RECEIVED_MILLIS);
    sink.write(
        KafkaRecord.batch(spark, List.of(other)),
        2,
        List.of(new OffsetRange("others", 0, 1, 2)),
        LakeSink.ReadCheck.NONE);
    reopen();

    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(5);
    assertThat(sink.committed().next(KafkaRecord.TOPIC, 1)).isEqualTo(9);
    assertThat(sink.committed().next("others", 0)).isEqualTo(2);
  }

  @Test
  void of_an_oversized_record_the_beginning_is_kept_with_length_and_hash() throws Exception {
    byte[] large = new byte[1_048_577];
    Arrays.fill(large, (byte) 'x');
    byte[] largest = Arrays.copyOf(large, 1_048_576);

    write(
        new KafkaRecord(large, KafkaRecord.TOPIC, 0, 0, RECEIVED_MILLIS),
        new KafkaRecord(largest, KafkaRecord.TOPIC, 0, 1, RECEIVED_MILLIS));

    assertThat(lake.letters()).containsExactly("not_json@0:1", "too_large@0:0");
    List<Row> letters =
        lake.table("dead_letters")
            .selectExpr("raw", "raw_length", "raw_sha256")
            .orderBy("kafka_offset")
            .collectAsList();
    assertThat((byte[]) letters.get(0).get(0)).isEqualTo(Arrays.copyOf(large, 64 * 1024));
    assertThat(letters.get(0).getLong(1)).isEqualTo(1_048_577);
    assertThat(letters.get(0).getString(2))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(large)));
    assertThat((byte[]) letters.get(1).get(0)).isEqualTo(largest);
    assertThat(letters.get(1).isNullAt(2)).isTrue();
  }

  @Test
  void a_record_without_a_time_is_kept() {
    KafkaRecord timeless =
        new KafkaRecord("no json".getBytes(StandardCharsets.UTF_8), KafkaRecord.TOPIC, 0, 0, -1);

    write(timeless);

    Row letter = lake.table("dead_letters").selectExpr("kafka_ts", "string(date)").head();
    assertThat(letter.isNullAt(0)).isTrue();
    assertThat(letter.getString(1)).isEqualTo("1970-01-01");
  }

  @Test
  void typed_fields_are_columns_of_their_types() {
    reopen(
        new TypedField("platform", "platform", TypedField.Type.STRING),
        new TypedField("amount", "/sale/amount", TypedField.Type.LONG),
        new TypedField("ratio", "ratio", TypedField.Type.DOUBLE),
        new TypedField("trial", "trial", TypedField.Type.BOOLEAN),
        new TypedField("seen_at", "seen", TypedField.Type.TIMESTAMP),
        new TypedField("place", "place", TypedField.Type.GEO_POINT));
    String full =
        "{\"event_id\":\"full\",\"event_type\":\"t\",\"ts\":1465520523,\"params\":{\"platform\":\"ios\",\"sale\":{\"amount\":12},\"ratio\":0.5,\"trial\":true,\"seen\":\"2016-06-10T00:00:00.5Z\",\"place\":{\"lat\":59.3,\"lon\":18.1}}}";
    String misfit =
        "{\"event_id\":\"misfit\",\"event_type\":\"t\",\"ts\":1465520523,\"params\":{\"sale\":{\"amount\":\"many\"},\"trial\":\"perhaps\",\"place\":{\"lat\":91,\"lon\":0}}}";

    LakeSink.Written written = write(at(0, full), at(1, misfit), at(2, event("none")));

    List<String> rows =
        lake
            .table("events")
            .selectExpr(
                "event_id",
                "platform",
                "amount",
                "ratio",
                "trial",
                "unix_millis(seen_at)",
                "place.lat",
                "place.lon",
                "place is null")
            .orderBy("event_id")
            .collectAsList()
            .stream()
            .map(row -> row.mkString("|"))
            .toList();
    assertThat(rows)
        .containsExactly(
            "full|ios|12|0.5|true|1465516800500|59.3|18.1|false",
            "misfit|null|null|null|null|null|null|null|true",
            "none|null|null|null|null|null|null|null|true");
    assertThat(written.commit().misfits()).isEqualTo(3);
  }

  @Test
  void a_field_added_later_is_null_in_the_rows_before() {
    write(at(0, event("before")));

    reopen(
        new TypedField("n", "n", TypedField.Type.LONG),
        new TypedField("place", "place", TypedField.Type.GEO_POINT));
    write(at(1, event("after")), at(2, event("before")));

    assertThat(
            lake
                .table("events")
                .selectExpr("concat(event_id, '=', coalesce(string(n), 'null'))")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0)))
        .containsExactlyInAnyOrder("before=null", "after=1");
    assertThat(lake.duplicates()).containsExactly("before@0:2");
  }

  @Test
  void a_field_that_is_no_longer_configured_keeps_its_column() {
    reopen(new TypedField("n", "n", TypedField.Type.LONG));
    write(at(0, event("a")));

    reopen();
    write(at(1, event("b")));

    assertThat(lake.table("events").where("n is null").select("event_id").head().getString(0))
        .isEqualTo("b");
    assertThat(lake.rows()).containsExactly("a@0:0", "b@0:1");
  }

  @Test
  void a_field_of_another_type_than_its_column_is_refused() {
    reopen(new TypedField("n", "n", TypedField.Type.LONG));

    assertThatThrownBy(() -> open(lake, List.of(new TypedField("n", "n", TypedField.Type.STRING))))
        .isInstanceOf(LakeTableException.class)
        .hasMessageContainingAll(
            "Cannot use table", "column n is of type long", "Give the typed field another name.");
  }

  @Test
  void a_table_of_somebody_else_is_refused() {
    LakeTables foreign = new LakeTables(folder.resolve("foreign"));
    spark
        .range(3)
        .selectExpr("id as event_id")
        .write()
        .format("delta")
        .save(foreign.uri() + "/events");

    assertThatThrownBy(() -> open(foreign, List.of()))
        .isInstanceOf(LakeTableException.class)
        .hasMessageContainingAll(
            "Cannot use table " + foreign.uri() + "/events",
            "it is partitioned by [], not by [year, month, day, hour]",
            "Point lake.root at an empty folder");
  }

  @Test
  void rows_that_another_writer_has_added_are_seen() {
    write(at(0, event("a")));
    LakeTables others = new LakeTables(folder.resolve("others"));
    try (LakeSink other = open(others, List.of())) {
      write(other, List.of(at(100, event("b")), at(101, event("c"))));
    }
    others.table("events").write().format("delta").mode("append").save(lake.uri() + "/events");

    LakeSink.Written written =
        write(at(1, event("b")), at(2, event("c", "2016-06-10T01:02:03Z", 2)), at(3, event("d")));

    assertThat(lake.rows()).containsExactly("a@0:0", "b@0:100", "c@0:101", "d@0:3");
    assertThat(lake.duplicates()).containsExactly("b@0:1");
    assertThat(lake.letters()).containsExactly("id_conflict@0:2");
    assertThat(written.commit().rows()).isEqualTo(1);
    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(4);
  }

  @Test
  void an_import_that_commits_the_same_event_first_makes_the_record_a_duplicate() {
    write(at(0, event("before")));
    ImportSink imports =
        ImportSink.open(spark, lake.uri(), List.of(), 1_000, KafkaRecord.RECEIVED_MILLIS);
    AtomicInteger imported = new AtomicInteger();
    // Between the look at the lake, which does not have it, and the commit of the stream.
    TestIntruder.at(
        Step.FILES_WRITTEN,
        records -> {
          if (imported.getAndIncrement() == 0) {
            imports.write(
                List.of(
                    new ImportedLine("file:/old.ndjson", 1, event("a").getBytes(UTF_8)),
                    new ImportedLine("file:/old.ndjson", 2, event("c").getBytes(UTF_8))));
          }
        });
    try {
      write(at(1, event("a")), at(2, event("b")));
    } finally {
      TestIntruder.leave();
    }

    assertThat(imported).hasValueGreaterThan(1);
    assertThat(lake.texts("events", "concat_ws('@', event_id, kafka_offset)"))
        .containsExactly("a", "b@2", "before@0", "c");
    assertThat(lake.duplicates()).containsExactly("a@0:1");
    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(3);
  }

  @Test
  void a_sink_that_was_overtaken_goes_on_behind_its_successor() {
    write(at(0, event("a")));
    try (LakeSink successor = open(lake, List.of())) {
      write(successor, List.of(at(1, event("b")), at(2, "no json")));
    }

    write(at(1, event("b")), at(2, "no json"), at(3, event("b")));

    assertThat(lake.rows()).containsExactly("a@0:0", "b@0:1");
    assertThat(lake.duplicates()).containsExactly("b@0:3");
    assertThat(lake.letters()).containsExactly("not_json@0:2");
  }

  @Test
  void cut_off_between_letters_and_rows_the_batch_is_finished_without_doubles() throws Exception {
    List<KafkaRecord> records =
        List.of(at(1, event("a")), at(2, event("b")), at(3, event("b")), at(4, "no json"));
    write(at(0, event("a")));
    LakeTables cut = new LakeTables(folder.resolve("cut"));
    copy("lake/events", "cut/events");
    write(records);
    // As a crash leaves it: letters and duplicates are committed, the rows are not.
    copy("lake/dead_letters", "cut/dead_letters");
    copy("lake/duplicates", "cut/duplicates");

    try (LakeSink next = open(cut, List.of())) {
      write(next, records);
    }

    assertThat(cut.rows()).isEqualTo(lake.rows()).containsExactly("a@0:0", "b@0:2");
    assertThat(cut.duplicates()).containsExactly("a@0:1", "b@0:3");
    assertThat(cut.letters()).containsExactly("not_json@0:4");
  }

  @Test
  void cut_off_it_accounts_for_every_record_once_even_when_the_next_batch_spans_others()
      throws Exception {
    KafkaRecord later = at(0, 1, RECEIVED_MILLIS + 9, event("a"));
    KafkaRecord first = at(0, 2, RECEIVED_MILLIS + 5, event("a"));
    KafkaRecord bad = at(3, "no json");
    KafkaRecord earliest = at(0, 4, RECEIVED_MILLIS, event("a"));
    LakeTables cut = new LakeTables(folder.resolve("cut"));
    copy("lake/events", "cut/events");
    write(later, first, bad);
    copy("lake/dead_letters", "cut/dead_letters");
    copy("lake/duplicates", "cut/duplicates");

    try (LakeSink next = open(cut, List.of())) {
      write(next, List.of(later));
      write(next, List.of(first, bad, earliest));
    }

    List<String> all = new ArrayList<>(cut.rows());
    all.addAll(cut.duplicates());
    all.addAll(cut.letters());
    assertThat(all).containsExactlyInAnyOrder("a@0:1", "a@0:2", "not_json@0:3", "a@0:4");
    assertThat(cut.rows()).hasSize(1);
  }

  @Test
  void what_was_set_aside_of_an_older_topic_is_not_taken_for_the_batch_whatever_its_times()
      throws Exception {
    Map<String, String> old = Map.of(KafkaRecord.TOPIC, "old");
    Map<String, String> again = Map.of(KafkaRecord.TOPIC, "new");
    takeOver(sink, List.of(), old);
    write(at(0, event("a")), at(1, "no json"));
    LakeTables cut = new LakeTables(folder.resolve("cut"));
    copy("lake/events", "cut/events");
    write(at(2, "no json"), at(3, event("a")));
    copy("lake/dead_letters", "cut/dead_letters");
    copy("lake/duplicates", "cut/duplicates");

    try (LakeSink next = open(cut, List.of())) {
      takeOver(next, List.of(recreated(next.committed())), again);
      LakeSink.Written written =
          write(
              next,
              List.of(at(0, event("b")), at(1, event("c")), at(2, event("d")), at(3, event("b"))));

      assertThat(written.commit().read()).isEqualTo(4);
      assertThat(written.commit().rows()).isEqualTo(3);
      assertThat(written.commit().duplicates()).isEqualTo(1);
      assertThat(written.commit().letters()).isZero();
    }
    assertThat(cut.rows()).containsExactly("a@0:0", "b@0:0", "c@0:1", "d@0:2");
    assertThat(cut.letters()).containsExactly("not_json@0:1");
    assertThat(cut.duplicates()).containsExactly("b@0:3");
  }

  @Test
  void of_a_batch_cut_off_a_duplicate_becomes_the_row_when_kafka_has_lost_the_winner()
      throws Exception {
    Map<String, String> ids = Map.of(KafkaRecord.TOPIC, "id");
    takeOver(sink, List.of(), ids);
    write(at(0, event("a")));
    LakeTables cut = new LakeTables(folder.resolve("cut"));
    copy("lake/events", "cut/events");
    write(at(1, event("x")), at(2, event("x")), at(3, "no json"));
    assertThat(lake.duplicates()).containsExactly("x@0:2");
    copy("lake/dead_letters", "cut/dead_letters");
    copy("lake/duplicates", "cut/duplicates");

    try (LakeSink next = open(cut, List.of())) {
      takeOver(
          next,
          List.of(
              new Gap(
                  new LostRange(KafkaRecord.TOPIC, 0, 1, 2, LostRange.Reason.EXPIRED, "gone"), 2)),
          ids);
      write(next, List.of(at(2, event("x")), at(3, "no json")));
    }

    assertThat(cut.rows()).containsExactly("a@0:0", "x@0:2");
    assertThat(cut.duplicates()).isEmpty();
    assertThat(cut.letters()).containsExactly("not_json@0:3");
  }

  @Test
  void what_is_set_aside_of_finished_batches_and_by_others_stays_at_every_start() {
    takeOver(sink, List.of(), Map.of());
    write(at(0, event("a")), at(1, event("a")), at(2, "no json"));
    ImportSink.open(spark, lake.uri(), List.of(), 1_000, RECEIVED_MILLIS)
        .write(List.of(new ImportedLine("file:/old.ndjson", 1, "no json".getBytes(UTF_8))));
    write(at(3, event("b")));
    List<String> before = lake.everything();

    for (int start = 0; start < 2; start++) {
      reopen();
      takeOver(sink, List.of(), Map.of());
      write(List.of());
    }

    assertThat(lake.everything()).isEqualTo(before);
    assertThat(lake.texts("dead_letters", "coalesce(source_file, 'kafka')"))
        .containsExactly("file:/old.ndjson", "kafka");
  }

  @Test
  void a_query_that_starts_again_does_not_take_the_lake_back_from_its_successor() {
    Writer first = Writer.ofThisProcess(Clock.systemUTC());
    sink.takeOver(first, List.of(), List.of(), Map.of());
    write(at(0, event("a")));
    try (LakeSink successor = open(lake, List.of())) {
      Writer second = new Writer("second", "other", 2, "2026-01-01T00:00:00Z");
      successor.takeOver(second, List.of(), List.of(), Map.of());

      reopen();
      assertThatThrownBy(() -> sink.claimAgain(first))
          .isInstanceOf(FencedException.class)
          .hasMessageContaining(second.toString());

      write(successor, List.of(at(1, event("b"))));
    }
    assertThat(lake.rows()).containsExactly("a@0:0", "b@0:1");
  }

  @Test
  void a_job_that_slept_in_its_take_over_does_not_take_the_lake_back_from_its_successor() {
    Writer first = new Writer("first", "one", 1, "2026-01-01T00:00:00Z");
    // The successor starts while the first is at each of its commits in turn.
    for (int at = 1; at <= 3; at++) {
      int stopAt = at;
      Writer second = new Writer("second-" + at, "other", 2, "2026-01-01T00:00:00Z");
      List<LakeSink> successor = new ArrayList<>();
      try (LakeSink paused = open(lake, List.of())) {
        AtomicInteger passed = new AtomicInteger();
        TestIntruder.at(
            Step.COMMIT_PREPARED,
            records -> {
              if (passed.incrementAndGet() == stopAt) {
                successor.add(open(lake, List.of()));
                successor.get(0).takeOver(second, List.of(), List.of(), Map.of());
              }
            });
        assertThatThrownBy(() -> paused.takeOver(first, List.of(), List.of(), Map.of()))
            .isInstanceOf(FencedException.class)
            .hasMessageContaining(second.toString());
        TestIntruder.leave();

        write(successor.get(0), List.of(at(10 * at, event("e" + at)), at(10 * at + 1, "no json")));
        assertThatThrownBy(() -> write(paused, List.of(at(10 * stopAt + 2, event("x")))))
            .isInstanceOf(FencedException.class);
      } finally {
        successor.forEach(LakeSink::close);
      }
    }
    assertThat(lake.rows()).containsExactly("e1@0:10", "e2@0:20", "e3@0:30");
    assertThat(lake.letters()).containsExactly("not_json@0:11", "not_json@0:21", "not_json@0:31");
  }

  @Test
  void a_successor_that_began_while_a_take_over_was_under_way_has_the_lake() {
    // The successor knows of the first at some tables, and of nobody at those still to come.
    for (int at = 1; at <= 3; at++) {
      int beginAt = at;
      Writer first = new Writer("first-" + at, "one", 1, "2026-01-01T00:00:00Z");
      Writer second = new Writer("second-" + at, "other", 2, "2026-01-01T00:00:00Z");
      List<LakeSink> begun = new ArrayList<>();
      try (LakeSink slow = open(lake, List.of())) {
        AtomicInteger passed = new AtomicInteger();
        TestIntruder.at(
            Step.COMMIT_PREPARED,
            records -> {
              if (passed.incrementAndGet() == beginAt) {
                begun.add(open(lake, List.of()));
              }
            });
        slow.takeOver(first, List.of(), List.of(), Map.of());
        TestIntruder.leave();
        LakeSink successor = begun.get(0);
        if (at == 1) {
          // It had seen nothing of the first one, which has the events since.
          assertThatThrownBy(() -> successor.takeOver(second, List.of(), List.of(), Map.of()))
              .isInstanceOf(FencedException.class)
              .hasMessageContaining(first.toString());
          write(slow, List.of(at(10, event("e1")), at(11, "no json")));
          continue;
        }

        successor.takeOver(second, List.of(), List.of(), Map.of());

        write(successor, List.of(at(10 * at, event("e" + at)), at(10 * at + 1, "no json")));
        assertThatThrownBy(() -> write(slow, List.of(at(10 * beginAt + 2, event("x")))))
            .isInstanceOf(FencedException.class);
      } finally {
        TestIntruder.leave();
        begun.forEach(LakeSink::close);
      }
    }
    assertThat(lake.rows()).containsExactly("e1@0:10", "e2@0:20", "e3@0:30");
    assertThat(lake.letters()).containsExactly("not_json@0:11", "not_json@0:21", "not_json@0:31");
  }

  @Test
  void a_take_over_that_broke_off_behind_the_events_has_made_the_lake_ours() {
    assertThat(sink.isTakenOver()).isFalse();
    AtomicInteger passed = new AtomicInteger();
    TestIntruder.at(
        Step.COMMIT_PREPARED,
        records -> {
          if (passed.incrementAndGet() == 2) {
            throw new IllegalStateException("No space left on device");
          }
        });
    try {
      assertThatThrownBy(() -> takeOver(sink, List.of(), Map.of()))
          .hasMessageContaining("No space left on device");
    } finally {
      TestIntruder.leave();
    }

    assertThat(sink.isTakenOver()).isTrue();
  }

  @Test
  void a_lake_is_taken_over_behind_a_gap_also_beside_an_import_but_not_beside_a_stream() {
    write(at(0, event("a")));
    Gap gap =
        new Gap(new LostRange(KafkaRecord.TOPIC, 0, 1, 5, LostRange.Reason.EXPIRED, "gone"), 5);
    AtomicInteger passed = new AtomicInteger();
    Runnable importing =
        () ->
            ImportSink.open(spark, lake.uri(), List.of(), 1_000, RECEIVED_MILLIS)
                .write(List.of(new ImportedLine("file:/i.ndjson", 1, event("i").getBytes(UTF_8))));
    Runnable streaming =
        () -> {
          try (LakeSink other = open(lake, List.of())) {
            write(other, List.of(at(1, event("b"))));
          }
        };
    for (Runnable other : List.of(streaming, importing)) {
      reopen();
      passed.set(0);
      TestIntruder.at(
          Step.COMMIT_PREPARED,
          records -> {
            if (passed.incrementAndGet() == 1) {
              other.run();
            }
          });
      try {
        if (other == streaming) {
          assertThatThrownBy(() -> takeOver(sink, List.of(gap), Map.of()))
              .hasMessageContaining("has moved its position while gaps in Kafka were looked for");
        } else {
          takeOver(sink, List.of(gap), Map.of());
        }
      } finally {
        TestIntruder.leave();
      }
    }

    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(5);
    assertThat(lake.texts("events", "event_id")).containsExactly("a", "b", "i");
  }

  @Test
  void where_a_partition_begins_is_known_before_anything_of_it_is_written() {
    sink.takeOver(
        Writer.ofThisProcess(Clock.systemUTC()),
        List.of(),
        List.of(new OffsetRange(KafkaRecord.TOPIC, 0, 7, 7)),
        Map.of(KafkaRecord.TOPIC, "id"));
    reopen();

    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(7);
    assertThat(sink.topicIds()).isEqualTo(Map.of(KafkaRecord.TOPIC, "id"));
  }

  @Test
  void the_id_of_a_topic_that_is_not_read_for_a_while_is_not_forgotten() {
    takeOver(sink, List.of(), Map.of("one", "id-1", "two", "id-2"));
    reopen();
    takeOver(sink, List.of(), Map.of("one", "id-3"));

    assertThat(sink.topicIds()).isEqualTo(Map.of("one", "id-3", "two", "id-2"));
  }

  private static void takeOver(LakeSink to, List<Gap> gaps, Map<String, String> topicIds) {
    to.takeOver(Writer.ofThisProcess(Clock.systemUTC()), gaps, List.of(), topicIds);
  }

  private static Gap recreated(CommittedOffsets position) {
    long next = position.next(KafkaRecord.TOPIC, 0);
    return new Gap(
        new LostRange(
            KafkaRecord.TOPIC, 0, next, next, LostRange.Reason.TOPIC_RECREATED, "made again"),
        0);
  }

  @Test
  void of_a_batch_that_was_read_while_its_topic_was_made_again_nothing_is_committed() {
    write(at(0, event("a")));
    List<KafkaRecord> records = List.of(at(1, event("b")), at(2, event("a")), at(3, "no json"));
    List<String> before = lake.everything();

    assertThatThrownBy(
            () ->
                sink.write(
                    KafkaRecord.batch(spark, records),
                    batch++,
                    KafkaRecord.ranges(records),
                    ids -> {
                      throw new IllegalStateException("another topic");
                    }))
        .hasMessage("another topic");

    assertThat(lake.everything()).isEqualTo(before);
    assertThat(sink.committed().next(KafkaRecord.TOPIC, 0)).isEqualTo(1);
  }

  private void copy(String from, String to) throws IOException {
    Path source = folder.resolve(from);
    Path target = folder.resolve(to);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(source.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  @Test
  void what_it_forgets_of_days_long_past_it_reads_again() {
    sink.close();
    sink = LakeSink.open(spark, lake.uri(), List.of(), 1, 100);
    write(
        at(0, event("a", "2016-06-08T00:00:00Z", 1)), at(1, event("b", "2016-06-08T01:00:00Z", 1)));
    write(at(2, event("c", "2016-06-09T00:00:00Z", 1)));
    assertThat(sink.remembered()).isZero();

    write(
        at(3, event("b", "2016-06-08T01:00:00Z", 1)), at(4, event("d", "2016-06-09T00:00:00Z", 1)));

    assertThat(lake.rows()).containsExactly("a@0:0", "b@0:1", "c@0:2", "d@0:4");
    assertThat(lake.duplicates()).containsExactly("b@0:3");
  }
}
