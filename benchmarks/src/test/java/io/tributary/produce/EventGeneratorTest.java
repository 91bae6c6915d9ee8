package io.tributary.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.event.Event;
import io.tributary.event.Provenance;
import io.tributary.produce.Expectation.End;
import io.tributary.time.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventGeneratorTest {
  private static final long START = Timestamps.ofIso("2025-03-10T09:00:00Z").orElseThrow();
  private static final long RECEIVED_MILLIS =
      Timestamps.ofIso("2025-03-11T00:00:00Z").orElseThrow() / 1_000;

  @Test
  void theSameSettingsGiveTheSameBytes() {
    GeneratorSettings settings = mixed(7);

    assertThat(texts(settings)).isEqualTo(texts(settings));
    assertThat(texts(settings)).isNotEqualTo(texts(mixed(8)));
  }

  @Test
  void noIdHasTwoContentsUnlessDeclared() {
    Map<String, Set<Long>> digests = new HashMap<>();
    ExpectedEnds ends = new ExpectedEnds();
    EventGenerator.stream(mixed(3), 20_000)
        .forEach(
            record -> {
              ManifestEntry entry =
                  ends.next(record.outgoing().value(), new Provenance.Http(RECEIVED_MILLIS, "-"));
              String id = record.expectation().eventId();
              if (id != null && record.expectation().end() != End.DEAD_LETTER) {
                digests.computeIfAbsent(id, ignored -> new HashSet<>()).add(entry.digest());
              }
            });

    assertThat(digests).hasSizeGreaterThan(10_000);
    assertThat(digests.values()).allSatisfy(one -> assertThat(one).hasSize(1));
  }

  @Test
  void theSharesAreThoseAskedFor() {
    Map<End, Long> ends =
        EventGenerator.stream(mixed(5), 50_000)
            .collect(
                Collectors.groupingBy(record -> record.expectation().end(), Collectors.counting()));

    assertThat(ends.get(End.DUPLICATE)).isBetween(2_200L, 2_800L);
    assertThat(ends.get(End.DEAD_LETTER)).isBetween(2_200L, 2_800L);
  }

  @Test
  void everyMalformationComesUp() {
    Set<String> reasons =
        EventGenerator.stream(new GeneratorSettings(1, START, 1_000, 0, 0, 0.5, 0), 2_000)
            .map(record -> record.expectation().reason())
            .filter(reason -> reason != null)
            .map(reason -> reason.code())
            .collect(Collectors.toSet());

    assertThat(reasons)
        .containsExactlyInAnyOrder(
            "empty",
            "not_json",
            "not_an_object",
            "invalid_utf8",
            "invalid_unicode",
            "duplicate_key",
            "too_deep",
            "missing_event_type",
            "invalid_event_type",
            "missing_ts",
            "invalid_ts",
            "ts_out_of_range",
            "invalid_event_id",
            "invalid_user_id",
            "invalid_session_id",
            "invalid_params",
            "id_conflict");
  }

  @Test
  void plainEventsAreRowsInOrderOfTime() {
    List<Event> events = events(GeneratorSettings.plain(1, START, 1_000), 5_000);

    assertThat(events).extracting(Event::tsMicros).isSorted().startsWith(START, START + 1_000);
    assertThat(events).extracting(Event::eventId).doesNotHaveDuplicates();
  }

  @Test
  void peopleComeBackAndSessionsGoOn() {
    List<Event> events = events(GeneratorSettings.plain(1, START, 1_000), 20_000);

    Map<String, Long> bySession =
        events.stream()
            .collect(
                Collectors.groupingBy(
                    event -> String.valueOf(event.sessionId()), Collectors.counting()));
    assertThat(bySession.size()).isBetween(500, 3_000);
    Set<String> types = events.stream().map(Event::eventType).collect(Collectors.toSet());
    assertThat(types)
        .contains("session_start", "page_view", "add_to_cart", "purchase", "Purchase")
        .hasSize(9);
  }

  @Test
  void lateEventsAreMinutesToDaysLate() {
    List<Event> events = events(new GeneratorSettings(1, START, 0, 0, 1, 0, 0), 5_000);

    assertThat(events)
        .allSatisfy(
            event ->
                assertThat(START - event.tsMicros())
                    .isBetween(60_000_000L, 3 * Timestamps.MICROS_PER_DAY));
    assertThat(events).anyMatch(event -> START - event.tsMicros() > Timestamps.MICROS_PER_DAY);
  }

  @Test
  void aShareBeyondOneIsRefused() {
    assertThatThrownBy(() -> new GeneratorSettings(1, 0, 0, 1.5, 0, 0, 0))
        .hasMessage("Invalid duplicates: 1.5 (a share between 0 and 1).");
  }

  private static GeneratorSettings mixed(long seed) {
    return new GeneratorSettings(seed, START, 1_000, 0.05, 0.05, 0.05, 0.05);
  }

  private static List<Event> events(GeneratorSettings settings, int count) {
    ExpectedEnds ends = new ExpectedEnds();
    List<Event> events = new ArrayList<>();
    EventGenerator.stream(settings, count)
        .forEach(
            record -> {
              Event event =
                  ends.next(record.outgoing().value(), new Provenance.Http(RECEIVED_MILLIS, "-"))
                      .event();
              if (event != null) {
                events.add(event);
              }
            });
    assertThat(events).hasSize(count);
    return events;
  }

  private static List<String> texts(GeneratorSettings settings) {
    return EventGenerator.stream(settings, 3_000)
        .map(record -> new String(record.outgoing().value(), StandardCharsets.ISO_8859_1))
        .toList();
  }
}
