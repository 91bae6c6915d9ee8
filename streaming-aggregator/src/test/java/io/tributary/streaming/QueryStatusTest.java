package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryStatusTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final QueryStatus status = new QueryStatus("lake", Duration.ZERO);

  private static KafkaTopics.Ends ends(long... ends) {
    Map<Integer, Long> partitions = new java.util.TreeMap<>();
    for (int i = 0; i < ends.length; i++) {
      partitions.put(i, ends[i]);
    }
    return new KafkaTopics.Ends(Map.of("events", partitions), Map.of("events", "id"));
  }

  private static Instant second(long second) {
    return START.plusSeconds(second);
  }

  private void batch(QueryStatus of, int partition, long until, Instant now) {
    of.batch(
        new BatchReport("lake", 1, 10, 8, 1, Map.of("not_json", 1L), 0, Map.of("commit", 5L), 3),
        List.of(new OffsetRange("events", partition, 0, until)),
        now);
  }

  @Test
  void a_target_that_lost_what_it_had_is_not_complete_any_more() {
    Map<String, String> ids = Map.of("events", "id");
    status.running(CommittedOffsets.none(), ids);
    status.ends(ends(10), second(1));
    batch(status, 0, 10, second(2));
    status.ends(ends(10), second(3));
    assertThat(status.view(second(3)).completeThrough()).isEqualTo(second(3));

    status.running(CommittedOffsets.after(List.of(new OffsetRange("events", 0, 4, 4))), ids);
    status.ends(ends(10), second(4));

    assertThat(status.view(second(4)).completeThrough()).isNull();
    batch(status, 0, 10, second(5));
    status.ends(ends(10), second(6));
    assertThat(status.view(second(6)).completeThrough()).isEqualTo(second(6));
  }

  @Test
  void it_is_started_until_it_fails_or_ends() {
    assertThat(status.isStarted()).isFalse();
    status.running(CommittedOffsets.none(), Map.of());
    assertThat(status.isStarted()).isTrue();
    status.retrying("Elasticsearch does not answer.");
    assertThat(status.isStarted()).isFalse();
    status.running(CommittedOffsets.none(), Map.of());
    status.stopped(null);
    assertThat(status.isStarted()).isFalse();
  }

  @Test
  void nothing_is_known_before_the_ends_are() {
    QueryStatus.View view = status.view(second(0));

    assertThat(view.completeThrough()).isNull();
    assertThat(view.lagRecords()).isEqualTo(-1);
    assertThat(view.lagSeconds()).isNaN();
    assertThat(view.state()).isEqualTo(QueryStatus.State.STARTING);
  }

  @Test
  void is_complete_through_the_time_at_which_ends_were_asked_that_it_has_passed() {
    status.ends(ends(10, 4), second(1));
    status.ends(ends(20, 4), second(2));
    batch(status, 0, 10, second(3));
    status.ends(ends(20, 4), second(4));
    assertThat(status.view(second(4)).completeThrough()).isNull();

    batch(status, 1, 4, second(5));
    status.ends(ends(20, 4), second(6));

    assertThat(status.view(second(6)).completeThrough()).isEqualTo(second(1));
    assertThat(status.view(second(6)).lagRecords()).isEqualTo(10);
    assertThat(status.view(second(8)).lagSeconds()).isEqualTo(7.0);
  }

  @Test
  void a_query_that_has_caught_up_is_complete_through_the_last_question() {
    batch(status, 0, 10, second(0));

    status.ends(ends(10), second(1));
    assertThat(status.view(second(1)).completeThrough()).isEqualTo(second(1));

    status.ends(ends(10), second(2));
    assertThat(status.view(second(2)).completeThrough()).isEqualTo(second(2));
    assertThat(status.view(second(9)).lagSeconds()).isZero();
  }

  @Test
  void an_empty_topic_is_complete_at_once() {
    status.ends(ends(0, 0), second(1));

    assertThat(status.view(second(1)).completeThrough()).isEqualTo(second(1));
    assertThat(status.view(second(1)).lagRecords()).isZero();
  }

  @Test
  void what_was_written_counts_only_once_readers_see_it() {
    QueryStatus index = new QueryStatus("index", Duration.ofSeconds(1));
    index.ends(ends(10), second(1));
    batch(index, 0, 10, second(2));

    index.ends(ends(30), second(2));
    assertThat(index.view(second(2)).completeThrough()).isNull();

    index.ends(ends(30), second(3));
    assertThat(index.view(second(3)).completeThrough()).isEqualTo(second(1));
  }

  @Test
  void a_partition_that_appears_is_waited_for() {
    batch(status, 0, 10, second(0));
    status.ends(ends(10), second(1));
    status.ends(ends(10, 3), second(2));

    assertThat(status.view(second(2)).completeThrough()).isEqualTo(second(1));
    assertThat(status.view(second(2)).lagRecords()).isEqualTo(3);
  }

  @Test
  void far_behind_it_keeps_few_notes_and_never_claims_too_much() {
    for (int i = 1; i <= 5_000; i++) {
      status.ends(ends(i), second(i));
    }
    batch(status, 0, 3_000, second(5_001));
    status.ends(ends(5_001), second(5_002));

    assertThat(status.view(second(5_002)).completeThrough())
        .isAfter(second(2_000))
        .isBeforeOrEqualTo(second(3_000));
  }

  @Test
  void a_start_from_a_position_counts_as_done() {
    status.running(
        CommittedOffsets.after(List.of(new OffsetRange("events", 0, 0, 7))),
        Map.of("events", "id"));
    status.ends(ends(7), second(1));

    assertThat(status.view(second(1)).lagRecords()).isZero();
    assertThat(status.view(second(1)).completeThrough()).isEqualTo(second(1));
  }

  @Test
  void a_position_that_becomes_known_after_the_ends_counts_too() {
    status.ends(ends(7), second(1));
    status.running(
        CommittedOffsets.after(List.of(new OffsetRange("events", 0, 0, 7))),
        Map.of("events", "id"));
    status.ends(ends(7), second(2));

    assertThat(status.view(second(2)).completeThrough()).isEqualTo(second(2));
  }

  @Test
  void adds_up_records_and_letters_and_tells_of_trouble_until_the_next_batch() {
    status.running(CommittedOffsets.none(), Map.of("events", "id"));
    batch(status, 0, 10, second(0));
    status.retrying("Elasticsearch does not answer.");

    assertThat(status.view(second(1)).state()).isEqualTo(QueryStatus.State.RETRYING);
    assertThat(status.view(second(1)).problem()).isEqualTo("Elasticsearch does not answer.");

    batch(status, 0, 20, second(2));
    QueryStatus.View view = status.view(second(2));

    assertThat(view.state()).isEqualTo(QueryStatus.State.RUNNING);
    assertThat(view.problem()).isNull();
    assertThat(view.recordsTotal()).isEqualTo(20);
    assertThat(view.deadLetters()).isEqualTo(Map.of("not_json", 2L));
    assertThat(status.hasProgressed()).isTrue();
    assertThat(status.hasProgressed()).isFalse();
  }
}
