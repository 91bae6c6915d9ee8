package io.tributary.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.lake.audit.Audit;
import io.tributary.lake.audit.AuditOrder;
import io.tributary.lake.audit.AuditReport;
import io.tributary.lake.audit.IndexNotOursException;
import io.tributary.lake.audit.JudgedOffsets;
import io.tributary.lake.audit.StillOurs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

@DisplayName(
    "Into an index that is lost while it is compared nothing is written, and of it nothing is told but what was mended")
class LostIndexIT {
  private static final String DAY = "2016.06.10";

  private TestPlace place;

  @BeforeEach
  void isolate(@TempDir Path folder, TestInfo test) {
    place = TestPlace.of(folder, test);
  }

  private static String event(String id, String params) {
    return "{\"event_id\":\"%s\",\"event_type\":\"click\",\"ts\":\"2016-06-10T01:02:03Z\",\"user_id\":\"u\",\"params\":%s}"
        .formatted(id, params);
  }

  /** Is ours so many times when it is asked, and then no more. */
  private static final class LostAfter implements StillOurs {
    private int left;

    LostAfter(int times) {
      left = times;
    }

    @Override
    public void require() {
      if (left-- <= 0) {
        throw new IndexNotOursException("it was wiped");
      }
    }
  }

  private AuditReport repair(StillOurs index) {
    return compare(index, AuditOrder.Remedy.REPAIRED);
  }

  private AuditReport compare(StillOurs index, AuditOrder.Remedy remedy) {
    Workplace workplace = Workplace.open("run", place.configuration(), Clock.systemUTC());
    return new Audit(
            workplace.spark(),
            workplace.engine(),
            workplace.configuration().index().settings(),
            workplace.lakeRoot(),
            List.of(),
            workplace.reindex(),
            workplace.letters(),
            index)
        .run(
            new AuditOrder(
                AuditOrder.everything(),
                JudgedOffsets.all(),
                AuditOrder.Closeness.DIGESTS,
                remedy));
  }

  private boolean isInIndex(String id) {
    return place.index().documents().containsKey("events-%s/%s".formatted(DAY, id));
  }

  @Test
  void nothing_is_written_into_an_index_that_was_lost_before() {
    place.stream(List.of(event("kept", "{}"), event("gone", "{}")));
    place.index().delete(DAY, "gone");

    // Lost before the comparison, and before the repair.
    for (int asked = 0; asked < 2; asked++) {
      LostAfter lost = new LostAfter(asked);
      assertThatThrownBy(() -> repair(lost)).isInstanceOf(IndexNotOursException.class);
      assertThat(isInIndex("gone")).isFalse();
    }

    assertThat(repair(() -> {}).counts()).hasSize(1);
    assertThat(isInIndex("gone")).isTrue();
  }

  @Test
  void nothing_is_told_of_an_index_that_was_lost_meanwhile() {
    place.stream(List.of(event("kept", "{}"), event("gone", "{}")));
    place.index().delete(DAY, "gone");

    LostAfter lost = new LostAfter(1);
    assertThatThrownBy(() -> compare(lost, AuditOrder.Remedy.NAMED))
        .isInstanceOf(IndexNotOursException.class);
  }

  @Test
  void what_was_mended_is_told_also_when_the_index_is_lost_before_the_rest() {
    place.stream(List.of(event("kept", "{}"), event("gone", "{}")));
    place.stream(List.of(event("gone-later", "{}").replace("T01:", "T05:")));
    place.index().delete(DAY, "gone");
    place.index().delete(DAY, "gone-later");

    // Lost before the second repair, and after it.
    AuditReport one = repair(new LostAfter(2));
    AuditReport other = repair(new LostAfter(2));

    assertThat(one.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.named()).extracting("eventId").containsExactly("gone-later");
              assertThat(finding.written()).isEqualTo(1);
            });
    assertThat(one.hours()).isEmpty();
    assertThat(one.notCompared())
        .hasSize(2)
        .allSatisfy(
            hour ->
                assertThat(hour.reason())
                    .startsWith(
                        "the comparison ended early: The index is not as this job left it"));
    assertThat(isInIndex("gone-later")).isTrue();
    assertThat(other.findings().get(0).named()).extracting("eventId").containsExactly("gone");
    assertThat(other.notCompared()).hasSize(2);
    assertThat(isInIndex("gone")).isTrue();
  }

  @Test
  void what_was_mended_is_told_also_when_elasticsearch_or_spark_fails_on_the_rest() {
    place.stream(List.of(event("gone", "{}")));
    for (RuntimeException failure :
        List.of(
            new UncheckedIOException("Cannot search", new IOException("away")),
            new IllegalStateException("Job cancelled"))) {
      place.index().delete(DAY, "gone");
      Iterator<Runnable> asked =
          List.<Runnable>of(
                  () -> {},
                  () -> {},
                  () -> {
                    throw failure;
                  })
              .iterator();

      AuditReport report = repair(() -> asked.next().run());

      assertThat(report.written()).isEqualTo(1);
      assertThat(report.notCompared().get(0).reason())
          .startsWith("the comparison ended early: ")
          .contains(String.valueOf(failure.getMessage()));
    }
  }

  @Test
  void what_was_mended_is_told_also_when_the_index_is_lost_before_the_second_look() {
    place.stream(List.of(event("kept", "{}"), event("gone", "{}")));
    place.index().delete(DAY, "gone");

    AuditReport report = repair(new LostAfter(3));

    assertThat(report.findings().get(0).named().get(0).eventId()).isEqualTo("gone");
    assertThat(report.written()).isEqualTo(1);
    assertThat(report.notCompared().get(0).reason())
        .startsWith("it was mended, but not compared again: The index is not as this job left it");
    assertThat(report.remaining()).hasSize(1);
  }

  @Test
  void what_a_foreign_index_refuses_becomes_no_letter_and_the_hour_is_not_settled() {
    place.stream(List.of(event("kept", "{}")));
    place.streamToLake(List.of(event("nul-key", "{\"a\\u0000b\":1}")));
    StillOurs foreign =
        new StillOurs() {
          @Override
          public void require() {}

          @Override
          public Map<String, String> foreign() {
            return Map.of("events-" + DAY, "ts is a text");
          }
        };

    AuditReport report = repair(foreign);

    assertThat(place.texts("dead_letters", "event_id")).isEmpty();
    assertThat(report.findings().get(0).named().get(0).eventId()).isEqualTo("nul-key");
    assertThat(report.notCompared().get(0).reason())
        .contains("made without our templates ({events-2016.06.10=ts is a text})")
        .contains("Restart the streaming job");

    // It was foreign when it refused, and is gone by the time of the look.
    AtomicBoolean looked = new AtomicBoolean();
    StillOurs dropped =
        new StillOurs() {
          @Override
          public void require() {
            if (looked.get()) {
              throw new IndexNotOursException("it was wiped");
            }
          }

          @Override
          public Map<String, String> foreign() {
            looked.set(true);
            return Map.of();
          }
        };
    repair(dropped);
    assertThat(looked).isTrue();
    assertThat(place.texts("dead_letters", "event_id")).isEmpty();

    repair(() -> {});
    assertThat(place.texts("dead_letters", "event_id")).containsExactly("nul-key");
  }
}
