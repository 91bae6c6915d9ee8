package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.event.RangeDigest;
import io.tributary.lake.audit.AuditOrder;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.Difference;
import io.tributary.lake.audit.HourFinding;
import io.tributary.lake.audit.IndexNotOursException;
import io.tributary.lake.audit.StillOurs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViewTurnTest {
  private static final int A_TURN = 24;

  private final WaitingHours line = WaitingHours.at(ViewPosition.START);
  private final JobMetrics metrics = new JobMetrics();
  private final List<List<Instant>> tried = new ArrayList<>();
  private final List<AuditReport> told = new ArrayList<>();

  @AfterEach
  void close() {
    metrics.close();
  }

  private static Instant hour(int number) {
    return Instant.parse("2016-06-10T00:00:00Z").plus(number, ChronoUnit.HOURS);
  }

  private static List<Instant> hours(int... numbers) {
    return IntStream.of(numbers).mapToObj(ViewTurnTest::hour).toList();
  }

  private void waits(int... numbers) {
    hours(numbers).forEach(hour -> line.touched(hour, 1));
  }

  private static UncheckedIOException unanswered(IOException reason) {
    return new UncheckedIOException("Cannot search", reason);
  }

  /** An hour that cannot be compared, however often it is tried; all others agree. */
  private ViewTurn turn(StillOurs index, RuntimeException failure, Set<Instant> failing) {
    return new ViewTurn(
        line,
        index,
        hours -> {
          tried.add(hours);
          if (hours.stream().anyMatch(failing::contains)) {
            throw failure;
          }
          return new AuditReport(9, List.of(), List.of(), List.of(), List.of());
        },
        AuditOrder.Remedy.REPAIRED,
        told::add,
        metrics,
        () -> false);
  }

  /** All hours give one report. */
  private ViewTurn turn(AuditReport report, AuditOrder.Remedy remedy) {
    return new ViewTurn(line, () -> {}, hours -> report, remedy, told::add, metrics, () -> false);
  }

  private static HourFinding finding(Instant hour, long written, Difference.Kind... kinds) {
    return finding(hour, written, 0, kinds);
  }

  private static HourFinding finding(
      Instant hour, long written, long refused, Difference.Kind... kinds) {
    return new HourFinding(
        hour,
        RangeDigest.NONE,
        RangeDigest.NONE,
        0,
        Stream.of(kinds).collect(Collectors.toMap(kind -> kind, kind -> 1L)),
        List.of(),
        written,
        0,
        refused);
  }

  @Test
  void an_hour_that_gets_no_answer_keeps_no_other_from_being_compared() {
    waits(0, 1, 2, 40);
    ViewTurn turn =
        turn(() -> {}, unanswered(new SocketTimeoutException("120 s")), Set.of(hour(0)));

    turn.run(line.next(A_TURN));

    assertThat(tried)
        .containsExactlyInAnyOrder(hours(0, 1, 2), hours(0), hours(1), hours(2), hours(40));
    assertThat(line.next(A_TURN)).containsExactly(hour(0));
    assertThat(line.hasFailed(hour(0))).isTrue();
  }

  @Test
  void an_hour_that_failed_is_tried_after_the_others_and_by_itself() {
    waits(0, 1, 2);
    line.failed(hour(1));
    tried.clear();

    turn(() -> {}, unanswered(new SocketTimeoutException("120 s")), Set.of(hour(1)))
        .run(line.next(A_TURN));

    assertThat(tried).containsExactly(hours(0), hours(2), hours(1));
    assertThat(line.next(A_TURN)).containsExactly(hour(1));
  }

  @Test
  void many_hours_without_an_answer_end_a_turn_and_the_next_begins_with_others() {
    waits(0, 10, 20, 30, 40);
    Set<Instant> failing = Set.copyOf(hours(0, 10, 20, 40));
    UncheckedIOException failure = unanswered(new SocketTimeoutException("120 s"));

    assertThatThrownBy(() -> turn(() -> {}, failure, failing).run(hours(0, 10, 20, 30, 40)))
        .isSameAs(failure);

    assertThat(tried).containsExactly(hours(0), hours(10), hours(20));
    assertThat(line.next(1)).containsExactly(hour(30));
  }

  @Test
  void when_elasticsearch_is_away_the_turn_ends_at_once() {
    waits(0, 1, 40);
    UncheckedIOException away = unanswered(new ConnectException("refused"));

    assertThatThrownBy(
            () ->
                turn(
                        () -> {
                          throw away;
                        },
                        unanswered(new ConnectException("refused")),
                        Set.copyOf(hours(0, 1, 40)))
                    .run(hours(0, 1, 40)))
        .isSameAs(away);

    assertThat(tried).containsExactly(hours(0, 1));
    assertThat(line.size()).isEqualTo(3);
  }

  @Test
  void when_the_index_is_not_ours_the_hours_keep_their_place_and_nothing_is_told() {
    waits(0, 1, 40);

    assertThatThrownBy(
            () ->
                turn(() -> {}, new IndexNotOursException("it was wiped"), Set.copyOf(hours(0, 1)))
                    .run(hours(0, 1, 40)))
        .isInstanceOf(IndexNotOursException.class);

    assertThat(tried).containsExactly(hours(0, 1));
    assertThat(told).isEmpty();
    assertThat(line.next(1)).containsExactly(hour(0));
    assertThat(line.size()).isEqualTo(3);
  }

  @Test
  void what_could_not_be_mended_goes_to_the_end_of_the_line_and_what_is_doubled_leaves() {
    waits(0, 1, 2, 3);
    AuditReport report =
        new AuditReport(
            9,
            List.of(),
            List.of(
                finding(hour(0), 0, Difference.Kind.EXTRA),
                finding(hour(1), 0, Difference.Kind.DOUBLED),
                finding(hour(2), 0, Difference.Kind.DOUBLED, Difference.Kind.EXTRA)),
            hours(0, 1, 2),
            List.of());

    turn(report, AuditOrder.Remedy.REPAIRED).run(hours(0, 1, 2));

    assertThat(line.next(A_TURN)).containsExactlyInAnyOrder(hour(3), hour(0), hour(2));
    assertThat(line.next(1)).containsExactly(hour(3));
  }

  @Test
  void an_hour_whose_documents_are_refused_is_told_and_leaves() {
    waits(0);
    AuditReport report =
        new AuditReport(
            9,
            List.of(),
            List.of(finding(hour(0), 0, 1, Difference.Kind.ALTERED)),
            hours(0),
            List.of());

    turn(report, AuditOrder.Remedy.REPAIRED).run(hours(0));

    assertThat(told).containsExactly(report);
    assertThat(line.size()).isZero();
  }

  @Test
  void a_repair_that_fails_each_time_is_told_once_and_asks_for_the_rest_of_the_day_once() {
    waits(0);
    AuditReport report =
        new AuditReport(
            9,
            List.of(),
            List.of(finding(hour(0), 0, Difference.Kind.MISSING)),
            hours(0),
            List.of(new AuditReport.NotCompared(hour(0), "the index takes nothing")));
    ViewTurn turn = turn(report, AuditOrder.Remedy.REPAIRED);

    turn.run(hours(0));
    IntStream.range(1, 24).forEach(number -> line.judged(hour(number), 9));
    turn.run(hours(0));

    assertThat(told).containsExactly(report);
    assertThat(line.next(A_TURN)).containsExactly(hour(0));
  }

  @Test
  void what_nobody_is_to_mend_leaves_when_it_is_named() {
    waits(0);
    AuditReport report =
        new AuditReport(
            9,
            List.of(),
            List.of(finding(hour(0), 0, Difference.Kind.MISSING)),
            hours(0),
            List.of());

    turn(report, AuditOrder.Remedy.NAMED).run(hours(0));

    assertThat(line.size()).isZero();
  }

  @Test
  void the_rest_of_the_day_waits_when_what_was_mended_is_told_also_of_what_ended_early() {
    waits(0, 30);
    AuditReport mended =
        new AuditReport(
            9,
            List.of(),
            List.of(finding(hour(0), 1, Difference.Kind.MISSING)),
            List.of(),
            List.of());
    AuditReport endedEarly =
        new AuditReport(
            9,
            List.of(),
            List.of(finding(hour(30), 0, Difference.Kind.MISSING)),
            hours(30),
            List.of(new AuditReport.NotCompared(hour(30), "ended early")));
    List<Integer> waiting = new ArrayList<>();

    new ViewTurn(
            line,
            () -> {},
            hours -> hours.contains(hour(0)) ? mended : endedEarly,
            AuditOrder.Remedy.REPAIRED,
            report -> waiting.add(line.size()),
            metrics,
            () -> false)
        .run(hours(0, 30));

    // The 23 others of the first day beside the one that is not compared; then its whole day.
    assertThat(waiting).containsExactly(24, 47);
  }

  @Test
  void a_job_that_stops_begins_no_other_comparison_and_the_hours_keep_their_place() {
    waits(0, 1, 40);
    for (RuntimeException failure :
        List.of(
            unanswered(new SocketTimeoutException("120 s")),
            new IllegalStateException("Job cancelled"))) {
      tried.clear();
      new ViewTurn(
              line,
              () -> {},
              hours -> {
                tried.add(hours);
                throw failure;
              },
              AuditOrder.Remedy.REPAIRED,
              told::add,
              metrics,
              () -> !tried.isEmpty())
          .run(hours(0, 1, 40));

      assertThat(tried).containsExactly(hours(0, 1));
      assertThat(line.next(1)).containsExactly(hour(0));
      assertThat(line.hasFailed(hour(0))).isFalse();
    }
  }

  @Test
  void a_job_that_stops_while_hours_are_compared_one_by_one_compares_no_more_of_them() {
    waits(0, 1, 2);
    new ViewTurn(
            line,
            () -> {},
            hours -> {
              tried.add(hours);
              throw new IllegalStateException("failed");
            },
            AuditOrder.Remedy.REPAIRED,
            told::add,
            metrics,
            () -> tried.size() > 1)
        .run(hours(0, 1, 2));

    assertThat(tried).containsExactly(hours(0, 1, 2), hours(0));
  }
}
