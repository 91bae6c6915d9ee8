package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.tributary.event.RangeDigest;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.table.LakeEngine;
import io.tributary.layout.LakeLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewLedgerTest {
  private static final Instant HOUR = Instant.parse("2016-06-10T01:00:00Z");

  private final Engine engine = LakeEngine.create(new Configuration());

  private String root;
  private ViewLedger ledger;

  @BeforeEach
  void open(@TempDir Path folder) {
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
    ledger.add(
        new AuditReport(
            7,
            List.of(
                new AuditReport.ComparedHour(
                    HOUR, RangeDigest.NONE, RangeDigest.NONE, RangeDigest.NONE, 0)),
            List.of(),
            List.of(),
            List.of()));
  }

  @Test
  void the_position_is_on_record_with_what_was_compared() {
    compared();
    ledger.write(at(7, 2));

    assertThat(known()).isEqualTo(at(7, 2));
  }

  @Test
  void hours_that_wait_for_long_are_on_record_although_nothing_is_compared() {
    long before = commits();
    ledger.write(at(500, 2));
    assertThat(commits()).isEqualTo(before);

    ledger.write(at(1_500, 3));
    ledger.write(at(1_501, 4));
    assertThat(commits()).isEqualTo(before + 1);
    assertThat(known()).isEqualTo(at(1_500, 3));

    ledger.write(at(2_500, 5));
    assertThat(known()).isEqualTo(at(2_500, 5));
  }

  @Test
  void a_long_position_is_not_written_with_each_hour() {
    long many = WaitingHours.MOST_WRITTEN_DOWN + 1;
    ledger.write(at(2_000, many));
    long before = commits();

    compared();
    ledger.write(at(2_001, many));

    assertThat(commits()).isEqualTo(before + 1);
    assertThat(known()).isEqualTo(at(2_000, many));
    ledger.write(at(3_000, many));
    assertThat(known()).isEqualTo(at(3_000, many));
  }

  @Test
  void a_job_that_meets_the_position_of_another_goes_on_from_there() {
    ViewLedger other = ledger();
    assertThat(other.position()).isEqualTo(ViewPosition.START);
    other.write(at(2_000, 1));

    ledger.write(at(2_010, 2));

    assertThat(known()).isEqualTo(at(2_010, 2));
  }
}
