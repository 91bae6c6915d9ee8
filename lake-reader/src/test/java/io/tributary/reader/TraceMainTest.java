package io.tributary.reader;

import static io.tributary.reader.EventTable.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.tributary.event.EventIdentity;
import io.tributary.event.Provenance;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceMainTest {
  private static final StructType DUPLICATES =
      new StructType()
          .add(LakeLayout.EVENT_ID, StringType.STRING)
          .add(LakeLayout.KAFKA_TOPIC, StringType.STRING)
          .add(LakeLayout.KAFKA_PARTITION, IntegerType.INTEGER)
          .add(LakeLayout.KAFKA_OFFSET, LongType.LONG)
          .add(LakeLayout.KAFKA_TS, TimestampType.TIMESTAMP);

  /** Nothing listens there. */
  private static final String NO_INDEX = "http://127.0.0.1:9";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path root = Path.of("");

  private static List<@Nullable Object> duplicate(String id, long offset) {
    return Arrays.asList(id, "events", 3, offset, offset * 1_000_000);
  }

  private static List<@Nullable Object> letter(String reason, long offset, @Nullable String id) {
    return Arrays.asList(
        reason,
        "The detail.",
        reason.equals("index_rejected") ? "index" : "decode",
        new byte[2_000],
        2_000L,
        "events",
        3,
        offset,
        offset * 1_000_000,
        null,
        null,
        id);
  }

  private EventTable lake() throws IOException {
    EventTable table = EventTable.create(root.toString());
    long version =
        table.append(
            event("a", "view", "2016-06-01T01:10:00Z", "u", null, "{\"n\":1}"),
            event("b", "view", "2016-06-01T01:11:00Z"));
    table.addToCommit(version, EventTable.streamLine("lake", "{\"query\":\"lake\",\"batch\":41}"));
    table.append(event("a", "buy\u001b[2J", "2016-06-02T00:00:00Z"));
    PlainTable.write(
        root, LakeLayout.DUPLICATES, DUPLICATES, List.of(duplicate("a", 11), duplicate("b", 12)));
    PlainTable.write(
        root,
        LakeLayout.DEAD_LETTERS,
        DeadLettersMainTest.SCHEMA,
        List.of(
            letter("id_conflict", 21, "a"),
            letter("not_json", 22, null),
            letter("index_rejected", 23, "b")));
    return table;
  }

  @Test
  void an_event_is_followed_from_kafka_to_its_file_version_and_batch() throws IOException {
    lake();

    assertThat(run("a")).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" of 20[^,]*", " of NOW")))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "row        2016-06-01T01:10:00.000000Z view  events[3]@0 received"
                            + " 2016-06-01T01:10:00.000000Z"),
            line -> assertThat(line).isEqualTo("    user_id u"),
            line -> assertThat(line).isEqualTo("    params {\"n\":1}"),
            line -> assertThat(line).isEqualTo("    digest 0"),
            line -> assertThat(line).isEqualTo("    version 1 of NOW, batch 41"),
            line ->
                assertThat(line)
                    .startsWith("    file " + root + "/events/year=2016/month=6/day=1/hour=1/"),
            line ->
                assertThat(line)
                    .startsWith(
                        "row        2016-06-02T00:00:00.000000Z buy\\u001b[2J  events[3]@2"),
            line -> assertThat(line).isEqualTo("    digest 0"),
            line -> assertThat(line).isEqualTo("    version 2 of NOW, not written by the stream"),
            line -> assertThat(line).contains("/day=2/hour=0/"),
            line ->
                assertThat(line)
                    .isEqualTo("duplicate  events[3]@11 received 1970-01-01T00:00:11.000000Z"),
            line -> assertThat(line).startsWith("    version 1 of NOW"),
            line -> assertThat(line).startsWith("    file " + root + "/duplicates/"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "letter     id_conflict (stage decode, 2,000 bytes)  events[3]@21 received"
                            + " 1970-01-01T00:00:21.000000Z"),
            line -> assertThat(line).isEqualTo("    because The detail."),
            line -> assertThat(line).startsWith("    version 1 of NOW"),
            line -> assertThat(line).startsWith("    file " + root + "/dead_letters/"),
            line ->
                assertThat(line)
                    .startsWith("index      Cannot ask Elasticsearch at " + NO_INDEX + ": ")
                    .endsWith("Check that it runs and that TRIBUTARY_ELASTICSEARCH is right."));
  }

  @Test
  void one_day_alone_can_be_asked_for() throws IOException {
    lake();

    assertThat(run("a", "--day", "2016-06-02")).isZero();

    assertThat(out.toString()).contains("row        2016-06-02").doesNotContain("2016-06-01");
  }

  @Test
  void programs_get_one_line_of_json() throws IOException {
    lake();

    assertThat(run("b", "--json")).isZero();

    assertThat(out.toString().lines()).hasSize(1);
    assertThat(out.toString())
        .startsWith(
            "{\"event_id\":\"b\",\"rows\":[{\"event_type\":\"view\",\"ts\":\"2016-06-01T01:11:00.000000Z\",\"user_id\":null,\"session_id\":null,\"params\":null,\"digest\":0,\"kafka\":{\"topic\":\"events\",\"partition\":3,\"offset\":1,\"ts\":\"2016-06-01T01:11:00.000000Z\"},\"file\":\"")
        .contains(
            "\"commit\":{\"version\":1,\"committed_at\":\"",
            "\"batch\":41}",
            "\"offset\":12,",
            "{\"reason\":\"index_rejected\",\"detail\":\"The detail.\",\"stage\":\"index\",\"raw_length\":2000,",
            "\"index\":{\"reachable\":false,\"problem\":\"Cannot ask");
  }

  @Test
  void a_letter_without_an_id_is_found_by_the_id_its_record_would_have_got() throws IOException {
    lake();
    String id = EventIdentity.ofKafka(new Provenance.Kafka("events", 3, 22, 22_000));

    assertThat(run(id)).isZero();

    assertThat(out.toString())
        .startsWith("letter     not_json (stage decode, 2,000 bytes)  events[3]@22")
        .doesNotContain("id_conflict");
  }

  @Test
  void an_id_that_nobody_has_seen_is_exit_code_1() throws IOException {
    lake();

    assertThat(run("none")).isEqualTo(1);
    assertThat(out.toString()).endsWith("Nothing is known of event_id none.\n");
  }

  @Test
  void a_lake_without_letters_or_duplicates_is_fine_and_a_missing_one_is_named()
      throws IOException {
    assertThat(run("a")).isEqualTo(1);
    assertThat(err.toString()).startsWith("Cannot read table " + root + "/events: there is");

    EventTable.create(root.toString()).append(event("a", "view", "2016-06-01T01:10:00Z"));
    assertThat(run("a")).isZero();

    assertThat(run("a", "--day", "yesterday")).isEqualTo(2);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--lake", root.toString(), "--elasticsearch", NO_INDEX));
    return TraceMain.command()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }
}
