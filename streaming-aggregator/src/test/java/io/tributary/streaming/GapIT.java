package io.tributary.streaming;

import static io.tributary.streaming.Eventually.eventually;
import static io.tributary.streaming.TestTopic.all;
import static io.tributary.streaming.TestTopic.events;
import static io.tributary.streaming.TestTopic.names;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.seam.Step;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What Kafka takes away is noticed and on record")
class GapIT {
  private TestSetup setup;

  @BeforeEach
  void isolate(@TempDir Path folder, TestInfo test) {
    setup = TestSetup.of(folder, test);
  }

  private List<String> gapsInLedger() {
    return setup
        .lake()
        .texts(
            "ledger",
            "case when kind = 'gap' then concat_ws(' ', topic, kafka_partition, from_offset,"
                + " until_offset) end")
        .stream()
        .filter(text -> !text.equals("null"))
        .toList();
  }

  @Test
  void records_that_expired_before_they_were_read_are_on_record_by_offset() throws Exception {
    setup.topic().create();
    setup.ingest(names("a", 10));
    setup.topic().send(0, events(names("lost", 7)));
    setup.topic().deleteBefore(0, 17);
    setup.topic().send(0, events(names("b", 5)));
    assertThat(setup.preflight("fields: [{name: plan, path: plan, type: string}]"))
        .satisfies(
            before -> {
              assertThat(before.exit()).isZero();
              assertThat(before.text())
                  .contains(
                      "last written by process",
                      "column plan (string) would be added",
                      "12 records behind",
                      "LOST: Kafka no longer holds offsets 10 to 16 of %s-0"
                          .formatted(setup.topic().name()),
                      "would fill from the lake",
                      "A start would run.");
            });

    try (StreamingJob job = setup.start()) {
      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(all(names("a", 10), names("b", 5))));
      eventually(
          () ->
              assertThat(gapsInLedger())
                  .containsExactly("%s 0 10 17".formatted(setup.topic().name())));
      eventually(
          () -> {
            var gap = setup.index().status("lake").path("gaps").path(0);
            assertThat(gap.path("from").asLong()).isEqualTo(10);
            assertThat(gap.path("until").asLong()).isEqualTo(17);
          });
      eventually(
          () -> assertThat(setup.index().ids()).isEqualTo(all(names("a", 10), names("b", 5))));
    }
    // A later job knows of it too.
    try (StreamingJob job = setup.start()) {
      eventually(
          () ->
              assertThat(setup.index().status("lake").path("gaps").path(0).path("detail").asText())
                  .contains("no longer holds offsets 10 to 16"));
      assertThat(gapsInLedger()).hasSize(1);
    }
  }

  @Test
  void retention_that_overtakes_a_slow_job_leaves_a_gap_on_record() throws Exception {
    List<String> all = names("a", 2_000);
    setup.topic().create().send(0, events(all));
    setup.lakeOption("max-offsets-per-trigger", "2");
    // What the consumer has fetched already is not lost to it.
    setup.consumerOption("kafka.max.partition.fetch.bytes", "2000");
    setup.consumerOption("kafka.max.poll.records", "50");
    try (StreamingJob job = setup.start("queries: [lake]")) {
      eventually(() -> assertThat(setup.lake().ids()).hasSizeGreaterThan(1));
      setup.topic().deleteBefore(0, 1_995);

      eventually(() -> assertThat(setup.lake().ids()).containsAll(all.subList(1_995, 2_000)));
      eventually(() -> assertThat(gapsInLedger()).hasSize(1));
    }
    String[] gap = gapsInLedger().get(0).split(" ");
    int from = Integer.parseInt(gap[2]);
    assertThat(from).isBetween(2, 1_994);
    assertThat(gap[3]).isEqualTo("1995");
    assertThat(setup.lake().ids()).isEqualTo(all(all.subList(0, from), all.subList(1_995, 2_000)));
  }

  @Test
  void what_a_first_start_would_make_is_said_and_not_made() throws Exception {
    assertThat(setup.preflight(""))
        .satisfies(
            before -> {
              assertThat(before.exit()).isZero();
              assertThat(before.text())
                  .contains(
                      "nothing is committed",
                      "events: would be made",
                      "topic %s is missing and would be made".formatted(setup.topic().name()));
            });
    assertThat(setup.lake().root()).doesNotExist();
  }

  @Test
  void told_to_stop_before_a_gap_it_stops_and_says_which() throws Exception {
    setup.topic().create();
    setup.ingest(names("a", 3));
    setup.topic().send(0, events(names("lost", 2)));
    setup.topic().deleteBefore(0, 5);
    setup.kafkaOption("on-gap", "stop");
    assertThat(setup.preflight(""))
        .satisfies(
            before -> {
              assertThat(before.exit()).isEqualTo(1);
              assertThat(before.text())
                  .contains("kafka.on-gap is stop, and records are lost", "would NOT run");
            });

    try (StreamingJob job = setup.start()) {
      assertThat(job.await())
          .contains(
              "offsets 3 to 4 of %s-0".formatted(setup.topic().name()),
              "kafka.on-gap: record-and-continue");
    }
    assertThat(gapsInLedger()).isEmpty();

    setup.kafkaOption("on-gap", "record-and-continue");
    setup.topic().send(0, events(names("b", 1)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(all(names("a", 3), names("b", 1))));
    }
    assertThat(gapsInLedger()).hasSize(1);
  }

  @Test
  void a_topic_made_again_while_the_job_stands_is_read_from_its_start() throws Exception {
    setup.topic().create();
    setup.ingest(names("a", 4));
    setup.topic().delete();
    setup.topic().create();
    // As many as before and more: the offsets alone would not tell.
    setup.topic().send(0, events(names("b", 9)));

    try (StreamingJob job = setup.start()) {
      setup.awaitEverywhere(all(names("a", 4), names("b", 9)));
      eventually(
          () -> assertThat(gapsInLedger()).contains("%s 0 4 4".formatted(setup.topic().name())));
    }
    assertThat(setup.lake().duplicates()).isEmpty();
  }

  @Test
  void a_topic_made_again_under_the_running_job_is_read_from_its_start() throws Exception {
    setup.topic().create().send(0, events(names("a", 4)));
    try (StreamingJob job = setup.start()) {
      setup.awaitEverywhere(names("a", 4));
      setup.topic().delete();
      setup.topic().create().send(0, events(names("b", 9)));

      setup.awaitEverywhere(all(names("a", 4), names("b", 9)));
    }
  }

  @Test
  void the_lake_takes_no_batch_planned_of_the_old_topic_and_read_of_the_new_one() throws Exception {
    setup.topic().create().send(0, events(names("a", 4)));
    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(names("a", 4)));
      StepFault.meanwhile(
          Step.LAKE_BATCH_BEGUN,
          () -> {
            setup.topic().delete();
            // Others at the offsets that the batch is about to read.
            setup.topic().create().send(0, events(names("b", 20)));
          });
      setup.topic().send(0, events(names("lost", 3)));

      eventually(
          () -> assertThat(setup.lake().ids()).isEqualTo(all(names("a", 4), names("b", 20))));
      eventually(
          () -> assertThat(setup.index().ids()).containsAll(all(names("a", 4), names("b", 20))));
    } finally {
      StepFault.disarm();
    }
    assertThat(setup.lake().duplicates()).isEmpty();
  }

  @Test
  void partitions_that_are_added_are_read_from_their_start() throws Exception {
    setup.topic().create();
    setup.ingest(names("a", 4));
    setup.topic().grow(3).send(2, events(names("b", 3)));

    try (StreamingJob job = setup.start()) {
      eventually(() -> assertThat(setup.lake().ids()).isEqualTo(all(names("a", 4), names("b", 3))));
      setup.topic().grow(4).send(3, events(names("c", 3)));
      eventually(
          () ->
              assertThat(setup.lake().ids())
                  .isEqualTo(all(names("a", 4), names("b", 3), names("c", 3))));
      eventually(() -> assertThat(setup.index().ids()).isEqualTo(setup.lake().ids()));
    }
    assertThat(gapsInLedger()).isEmpty();
  }
}
