package io.tributary.smoke;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.reader.EventKey;
import io.tributary.smoke.SmokeCheck.Findings;
import io.tributary.time.TimeRange;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmokeCheckTest {
  private static final EventKey A = key("a", "view", "2025-03-10T09:59:59.999999Z");
  private static final EventKey B = key("b", "view", "2025-03-10T10:00:00Z");
  private static final EventKey C = key("c", "buy", "2025-03-10T10:00:00Z");
  private static final List<EventKey> ALL = List.of(A, B, C);

  @Test
  void equalPlacesAreEqual() throws IOException {
    Findings findings = check(ALL, ALL, ALL).look(new SentEvents(ALL));

    assertThat(findings.differences()).isEmpty();
    assertThat(findings.sizes())
        .containsExactly(
            "sent                               3",
            "lake                               3",
            "index                              3",
            "count                              3  2 types, 3 hours of a type");
  }

  @Test
  void oneMissingIdIsNamedWhereverItIsMissing() throws IOException {
    assertThat(differences(List.of(A, C), ALL, ALL))
        .containsExactly("sent, not in the lake: b (view, 2025-03-10T10:00:00.000000Z)");
    assertThat(differences(ALL, List.of(A, C), ALL))
        .containsExactly("sent, not in the index: b (view, 2025-03-10T10:00:00.000000Z)");
    assertThat(differences(ALL, ALL, List.of(A, C)))
        .containsExactly(
            "count counts 1 of type view, expected 2",
            "count counts 0 of type view in the hour of 2025-03-10T10:00:00.000000Z, expected 1");
  }

  @Test
  void anIdThatIsThereTwiceIsADifference() throws IOException {
    assertThat(differences(List.of(A, B, B, C), ALL, ALL))
        .containsExactly("more than once in the lake: b (view, 2025-03-10T10:00:00.000000Z)");
  }

  @Test
  void theSameIdOnAnotherDayIsAnotherEvent() throws IOException {
    EventKey tomorrow = key("b", "view", "2025-03-11T10:00:00Z");
    List<EventKey> four = List.of(A, B, C, tomorrow);

    assertThat(check(four, four, four).look(new SentEvents(four)).isEqual()).isTrue();
  }

  @Test
  void anotherTypeOrHourIsADifference() throws IOException {
    EventKey changed = key("b", "View", "2025-03-10T10:00:00Z");

    assertThat(differences(List.of(A, changed, C), ALL, ALL))
        .containsExactly(
            "of another type or hour in the lake: b (View, 2025-03-10T10:00:00.000000Z)");
  }

  @Test
  void eventsOfOthersMayBeThereWhenAllPlacesAgreeAboutThem() throws IOException {
    EventKey other = key("o", "view", "2025-03-10T09:00:00Z");
    List<EventKey> more = List.of(A, B, C, other);

    assertThat(differences(more, more, more)).isEmpty();
    assertThat(differences(more, ALL, more))
        .containsExactly("in the lake, not in the index: o (view, 2025-03-10T09:00:00.000000Z)");
    assertThat(differences(ALL, more, ALL))
        .containsExactly(
            "in the index, neither sent nor in the lake: o (view, 2025-03-10T09:00:00.000000Z)");
  }

  @Test
  void onlyTheFirstTenOfAKindAreNamed() throws IOException {
    List<EventKey> many = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      many.add(key("id-%02d".formatted(i), "view", "2025-03-10T10:00:00Z"));
    }

    List<String> differences =
        check(List.of(), many, many).look(new SentEvents(many)).differences();

    assertThat(differences).hasSize(11).endsWith("… and 15 more of these");
  }

  @Test
  void nothingSentIsAFailure() throws IOException {
    assertThat(check(ALL, ALL, ALL).look(new SentEvents(List.of())).differences())
        .containsExactly("nothing was sent: there is nothing to compare");
  }

  private static List<String> differences(
      List<EventKey> lake, List<EventKey> index, List<EventKey> counted) throws IOException {
    return check(lake, index, counted).look(new SentEvents(ALL)).differences();
  }

  private static SmokeCheck check(
      List<EventKey> lake, List<EventKey> index, List<EventKey> counted) {
    return new SmokeCheck(
        new KnownView("lake", lake),
        new KnownView("index", index),
        List.of(new KnownCounter(counted)));
  }

  private static EventKey key(String id, String type, String time) {
    return new EventKey(id, type, Timestamps.ofIso(time).orElseThrow());
  }

  private record KnownView(String name, List<EventKey> keys) implements View {
    @Override
    public List<EventKey> ids(TimeRange range) {
      return keys.stream().filter(key -> range.contains(key.tsMicros())).toList();
    }
  }

  private record KnownCounter(List<EventKey> keys) implements Counter {
    @Override
    public String name() {
      return "count";
    }

    @Override
    public long count(String eventType, TimeRange range) {
      return keys.stream()
          .filter(key -> key.eventType().equals(eventType) && range.contains(key.tsMicros()))
          .count();
    }
  }
}
