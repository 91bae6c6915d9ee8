package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.tributary.event.RangeDigest;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.Difference;
import io.tributary.lake.audit.HourFinding;
import io.tributary.lake.table.LakeEngine;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewLedgerTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant HOUR = Instant.parse("2016-06-10T01:00:00Z");

  private final Engine engine = LakeEngine.create(new Configuration());

  private Path folder;
  private String root;
  private ViewLedger ledger;

  @BeforeEach
  void open(@TempDir Path temporary) {
    folder = temporary;
    root = "file://" + folder;
    ledger = ledger();
    assertThat(ledger.position()).isEqualTo(ViewPosition.START);
  }

  private ViewLedger ledger() {
    return new ViewLedger(engine, root, Clock.systemUTC());
  }

  private long commits() {
    return TableManager.loadSnapshot(LakeLayout.table(root, LakeLayout.LEDGER))
        .build(engine)
        .getVersion();
  }

  /** What a job knows that starts after this one was killed. */
  private ViewPosition known() {
    return ledger().position();
  }

  private static ViewPosition at(long version, long hours) {
    return new ViewPosition(version, LongStream.range(0, hours).boxed().toList());
  }

  private void compared() {
    ledger.note(
        new AuditReport(
            7,
            List.of(
                new AuditReport.ComparedHour(
                    HOUR, RangeDigest.NONE, RangeDigest.NONE, RangeDigest.NONE, 0)),
            List.of(),
            List.of(),
            List.of()));
  }

  private void found(int hours) {
    ledger.note(
        new AuditReport(
            7,
            List.of(),
            IntStream.range(0, hours)
                .mapToObj(
                    number ->
                        new HourFinding(
                            HOUR.plus(number, ChronoUnit.HOURS),
                            RangeDigest.NONE,
                            RangeDigest.NONE,
                            0,
                            Map.of(Difference.Kind.MISSING, 1L),
                            List.of(),
                            1,
                            0,
                            0))
                .toList(),
            List.of(),
            List.of()));
  }

  /** The file that the newest commit added: how many rows of which kinds. */
  private String newestRows() throws IOException {
    for (String action : Files.readAllLines(log().resolve("%020d.json".formatted(commits())))) {
      JsonNode added = JSON.readTree(action).path("add");
      if (!added.isMissingNode()) {
        JsonNode stats = JSON.readTree(added.path("stats").asText());
        return "%d from %s to %s"
            .formatted(
                stats.path("numRecords").asInt(),
                stats.path("minValues").path("kind").asText(),
                stats.path("maxValues").path("kind").asText());
      }
    }
    return "none";
  }

  private Path log() {
    return folder.resolve("ledger/_delta_log");
  }

  @Test
  void the_position_is_on_record_with_what_was_compared() {
    compared();
    ledger.record(at(7, 2));

    assertThat(known()).isEqualTo(at(7, 2));
  }

  @Test
  void hours_that_wait_for_long_are_on_record_although_nothing_is_compared() {
    long before = commits();
    ledger.record(at(500, 2));
    assertThat(commits()).isEqualTo(before);

    ledger.record(at(1_500, 3));
    ledger.record(at(1_501, 4));
    assertThat(commits()).isEqualTo(before + 1);
    assertThat(known()).isEqualTo(at(1_500, 3));

    ledger.record(at(2_500, 5));
    assertThat(known()).isEqualTo(at(2_500, 5));
  }

  @Test
  void a_long_position_is_not_written_with_each_hour() {
    long many = WaitingHours.MOST_WRITTEN_DOWN + 1;
    ledger.record(at(2_000, many));
    long before = commits();

    compared();
    ledger.record(at(2_001, many));

    assertThat(commits()).isEqualTo(before + 1);
    assertThat(known()).isEqualTo(at(2_000, many));
    ledger.record(at(3_000, many));
    assertThat(known()).isEqualTo(at(3_000, many));
  }

  @Test
  void a_job_that_meets_the_position_of_another_goes_on_from_there() {
    ViewLedger other = ledger();
    assertThat(other.position()).isEqualTo(ViewPosition.START);
    other.record(at(2_000, 1));

    ledger.record(at(2_010, 2));

    assertThat(known()).isEqualTo(at(2_010, 2));
  }

  @Test
  void what_was_found_is_on_record_at_once_with_the_hours_asked_for_and_what_agrees_can_wait()
      throws Exception {
    long before = commits();
    compared();
    ledger.recordIfDue(at(7, 2));
    assertThat(commits()).isEqualTo(before);

    found(1);
    long many = WaitingHours.MOST_WRITTEN_DOWN + 1;
    ledger.recordIfDue(at(7, many));

    assertThat(known()).isEqualTo(at(7, many));
    assertThat(newestRows()).isEqualTo("2 from hour to repair");
  }

  @Test
  void a_position_that_has_moved_far_in_the_middle_of_a_turn_is_on_record() {
    ledger.recordIfDue(at(1_500, 1));

    assertThat(known()).isEqualTo(at(1_500, 1));
  }

  @Test
  void what_was_found_is_kept_until_the_ledger_can_be_written_and_what_agreed_is_not()
      throws Exception {
    Path aside = folder.resolve("aside");
    Files.move(log(), aside);
    Files.createFile(log());
    compared();
    found(1);
    ledger.record(at(7, 2));
    ledger.record(at(7, 2));
    Files.delete(log());
    Files.move(aside, log());

    ledger.record(at(8, 3));

    assertThat(known()).isEqualTo(at(8, 3));
    assertThat(newestRows()).isEqualTo("1 from repair to repair");
    long before = commits();
    ledger.record(at(9, 3));
    assertThat(commits()).isEqualTo(before);
  }

  @Test
  void of_very_many_hours_that_cannot_be_written_the_first_are_kept() throws Exception {
    Path aside = folder.resolve("aside");
    Files.move(log(), aside);
    Files.createFile(log());
    found(ViewLedger.MOST_KEPT + 5);
    ledger.record(at(7, 2));
    Files.delete(log());
    Files.move(aside, log());

    ledger.record(at(8, 3));

    assertThat(newestRows()).isEqualTo("%d from repair to repair".formatted(ViewLedger.MOST_KEPT));
  }
}
