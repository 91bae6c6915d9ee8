package io.tributary.reader;

import static io.tributary.reader.EventTable.event;
import static io.tributary.reader.EventTable.micros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.event.Event;
import io.tributary.event.GeoPoint;
import io.tributary.query.EventFilter;
import io.tributary.query.EventPage;
import io.tributary.query.EventPosition;
import io.tributary.query.KafkaPosition;
import io.tributary.query.PageRequest;
import io.tributary.query.PageRequest.Order;
import io.tributary.query.QueryUnavailableException;
import io.tributary.query.StoredEvent;
import io.tributary.time.TimeRange;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeEventsTest {
  private static final TimeRange DAY = range("2016-06-10T00:00:00Z", "2016-06-11T00:00:00Z");

  private String root = "";
  private Lake lake = Lake.open("");
  private LakeEvents events = lake.events();

  @BeforeEach
  void openLake(@TempDir Path folder) {
    lake.close();
    root = folder.toString();
    lake = Lake.open(root);
    events = lake.events();
  }

  @AfterEach
  void closeLake() {
    lake.close();
  }

  @Test
  void everyIdOfARangeIsFoundAndNoneBesideIt() {
    EventTable table = EventTable.create(root);
    table.append(
        event("before", "view", "2016-06-10T00:59:59.999999Z"),
        event("first", "view", "2016-06-10T01:00:00Z"),
        event("last", "buy", "2016-06-10T02:29:59.999999Z"),
        event("after", "buy", "2016-06-10T02:30:00Z"));

    assertThat(events.ids(range("2016-06-10T01:00:00Z", "2016-06-10T02:30:00Z")))
        .containsExactlyInAnyOrder(
            new EventKey("first", "view", micros("2016-06-10T01:00:00Z")),
            new EventKey("last", "buy", micros("2016-06-10T02:29:59.999999Z")));
  }

  @Test
  void theSameIdOnTwoDaysIsTwoIds() {
    EventTable table = EventTable.create(root);
    table.append(event("a", "view", "2016-06-10T23:00:00Z"));
    table.append(
        event("a", "view", "2016-06-11T01:00:00Z"), event("a", "view", "2016-06-11T02:00:00Z"));

    assertThat(events.distinctIds(range("2016-06-10T00:00:00Z", "2016-06-12T00:00:00Z")))
        .isEqualTo(2);
  }

  @Test
  void wholeHoursAreCountedFromTheLogAndBordersFromTheFiles() throws Exception {
    EventTable table = EventTable.create(root);
    table.append(
        event("a", "view", "2016-06-10T01:10:00Z"),
        event("b", "view", "2016-06-10T01:50:00Z"),
        event("c", "view", "2016-06-10T02:10:00Z"),
        event("d", "view", "2016-06-10T03:10:00Z"),
        event("e", "view", "2016-06-10T03:50:00Z"));

    assertThat(count(EventFilter.all(range("2016-06-10T01:30:00Z", "2016-06-10T03:30:00Z"))))
        .isEqualTo(3);
    assertThat(count(EventFilter.all(DAY))).isEqualTo(5);
  }

  @Test
  void allGivenFiltersMustMatch() throws Exception {
    EventTable table = EventTable.create(root);
    String time = "2016-06-10T01:00:00Z";
    table.append(
        event("a", "view", time, "u1", "s1", null),
        event("b", "view", time, "u1", "s2", null),
        event("c", "View", time, "u1", "s1", null),
        event("d", "view", time, "u2", "s1", null),
        event("e", "view", time));

    assertThat(count(filter("view", "u1", "s1", null, Map.of()))).isEqualTo(1);
    assertThat(count(filter("view", null, null, null, Map.of()))).isEqualTo(4);
    assertThat(count(filter(null, "u1", null, null, Map.of()))).isEqualTo(3);
    assertThat(count(filter(null, null, null, "d", Map.of()))).isEqualTo(1);
    assertThat(count(filter("' OR 1=1 --", null, null, null, Map.of()))).isZero();
  }

  @Test
  void aParamIsFoundUnderAnySpellingOfItsPath() throws Exception {
    EventTable table = EventTable.create(root);
    String time = "2016-06-10T01:00:00Z";
    table.append(
        event("nested", "view", time, null, null, "{\"a\":{\"b\":{\"c\":\"x\"}}}"),
        event("dotted", "view", time, null, null, "{\"a.b.c\":\"x\"}"),
        event("mixed", "view", time, null, null, "{\"a\":{\"b.c\":\"x\"}}"),
        event("array", "view", time, null, null, "{\"a\":[{\"b\":1},{\"b\":{\"c\":[1,\"x\"]}}]}"),
        event("longer", "view", time, null, null, "{\"a\":{\"b\":{\"c\":\"xy\"}}}"),
        event("elsewhere", "view", time, null, null, "{\"a\":{\"b\":{\"d\":\"x\"}},\"c\":\"x\"}"),
        event("none", "view", time));

    assertThat(ids(filter(null, null, null, null, Map.of("a.b.c", "x"))))
        .containsExactly("array", "dotted", "mixed", "nested");
    assertThat(count(filter(null, null, null, null, Map.of("a.b.c", "x")))).isEqualTo(4);
  }

  @Test
  void aParamIsComparedByTheTextThatWasReceived() throws Exception {
    EventTable table = EventTable.create(root);
    String time = "2016-06-10T01:00:00Z";
    table.append(
        event("number", "view", time, null, null, "{\"price\":1.50}"),
        event("text", "view", time, null, null, "{\"price\":\"1.50\"}"),
        event("equal", "view", time, null, null, "{\"price\":1.5}"),
        event("quoted", "view", time, null, null, "{\"price\":\"say \\\"hi\\\" \\\\\"}"),
        event("true", "view", time, null, null, "{\"price\":true}"),
        event("null", "view", time, null, null, "{\"price\":null}"));

    assertThat(ids(filter(null, null, null, null, Map.of("price", "1.50"))))
        .containsExactly("number", "text");
    assertThat(ids(filter(null, null, null, null, Map.of("price", "say \"hi\" \\"))))
        .containsExactly("quoted");
    assertThat(ids(filter(null, null, null, null, Map.of("price", "true"))))
        .containsExactly("true");
    assertThat(ids(filter(null, null, null, null, Map.of("price", "null")))).isEmpty();
  }

  @Test
  void pagesFollowTimeAndIdWithoutGapOrRepeat() throws Exception {
    EventTable table = EventTable.create(root);
    List<Event> written = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String time = "2016-06-10T01:00:0" + i / 10 + "Z";
      written.add(
          event("id-%02d".formatted(i), "view", time, null, null, "{\"even\":" + i % 2 + "}"));
    }
    table.append(written, Map.of());

    List<String> all = written.stream().map(Event::eventId).toList();
    assertThat(pages(EventFilter.all(DAY), Order.ASC)).isEqualTo(all);
    assertThat(pages(EventFilter.all(DAY), Order.DESC)).isEqualTo(reversed(all));
    assertThat(pages(filter(null, null, null, null, Map.of("even", "0")), Order.DESC))
        .isEqualTo(
            reversed(
                all.stream().filter(id -> Integer.parseInt(id.substring(3)) % 2 == 0).toList()));
  }

  @Test
  void aStoredEventComesBackWhole() throws Exception {
    EventTable table =
        EventTable.create(
            root,
            EventTable.text("technology"),
            EventTable.number("amount"),
            EventTable.time("seen"),
            EventTable.place("place"));
    Event stored =
        event("a", "buy", "2016-06-10T01:02:03.456789Z", "u", "s", "{\"technology\":\"tv\"}");
    table.append(
        List.of(stored),
        Map.of(
            "technology",
            "tv",
            "amount",
            7L,
            "seen",
            micros("2016-01-01T00:00:00Z"),
            "place",
            new GeoPoint(52.5, -13.25)));

    assertThat(events.byId("a"))
        .hasValueSatisfying(
            found -> {
              assertThat(found.event()).isEqualTo(stored);
              assertThat(found.kafka())
                  .isEqualTo(
                      new KafkaPosition(
                          "events", 3, 0, Instant.parse("2016-06-10T01:02:03.456789Z")));
              assertThat(found.fields())
                  .containsEntry("technology", "tv")
                  .containsEntry("amount", 7L)
                  .containsEntry("seen", Instant.parse("2016-01-01T00:00:00Z"))
                  .containsEntry("place", new GeoPoint(52.5, -13.25));
            });
    assertThat(events.byId("b")).isEmpty();
  }

  @Test
  void anIdOnSeveralDaysIsTheLatest() throws Exception {
    EventTable table = EventTable.create(root);
    table.append(
        event("a", "new", "2016-06-12T00:00:00Z"), event("a", "old", "2016-06-10T00:00:00Z"));

    assertThat(events.byId("a").map(found -> found.event().eventType())).contains("new");
  }

  @Test
  void rowsFromBeforeAFieldWasAddedHaveItNull() throws Exception {
    EventTable table = EventTable.create(root);
    table.append(event("old", "view", "2016-06-10T01:00:00Z"));
    table.addColumns(EventTable.text("technology"), EventTable.place("place"));
    assertThat(events.byId("old").map(StoredEvent::fields).orElseThrow())
        .containsEntry("technology", null);

    table.append(List.of(event("new", "view", "2016-06-10T01:00:00Z")), Map.of("technology", "tv"));

    EventPage page = events.search(EventFilter.all(DAY), new PageRequest(10, Order.DESC, null));
    assertThat(page.events())
        .extracting(found -> found.event().eventId(), found -> found.fields().get("technology"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("old", null),
            org.assertj.core.groups.Tuple.tuple("new", "tv"));
    assertThat(count(EventFilter.all(DAY))).isEqualTo(2);
    assertThat(page.events().get(1).fields()).containsEntry("place", null);
  }

  @Test
  void anEmptyTableHasNoEventsAndNoErrors() throws Exception {
    EventTable.create(root);

    assertThat(count(EventFilter.all(DAY))).isZero();
    assertThat(count(filter("view", null, null, null, Map.of()))).isZero();
    assertThat(ids(EventFilter.all(DAY))).isEmpty();
    assertThat(events.byId("a")).isEmpty();
    assertThat(events.ids(DAY)).isEmpty();
    assertThat(events.distinctIds(DAY)).isZero();
  }

  @Test
  void anEmptyRangeHasNoEvents() throws Exception {
    EventTable.create(root).append(event("a", "view", "2016-06-10T01:00:00Z"));

    assertThat(count(EventFilter.all(range("2016-06-10T01:00:00Z", "2016-06-10T01:00:00Z"))))
        .isZero();
  }

  @Test
  void aMissingTableSaysWhatToDo() {
    assertThatThrownBy(() -> events.count(EventFilter.all(DAY)))
        .isInstanceOf(QueryUnavailableException.class)
        .hasMessage(
            "Cannot query the lake: there is no Delta table. Start the streaming job once, it"
                + " creates the tables of the lake, or point TRIBUTARY_LAKE at the right root.");
    assertThatThrownBy(() -> events.ids(DAY))
        .isInstanceOf(LakeUnreadableException.class)
        .hasMessageStartingWith("Cannot read table " + root + "/events: there is no Delta table.");
    assertThat(events.table().exists()).isFalse();
  }

  @Test
  void anAnswerNamesItsVersionAndHowFarItIsComplete() throws Exception {
    EventTable table = EventTable.create(root);
    long version = table.append(event("a", "view", "2016-06-10T01:00:00Z"));
    assertThat(events.count(EventFilter.all(DAY)).meta())
        .satisfies(
            meta -> {
              assertThat(meta.source()).isEqualTo("lake");
              assertThat(meta.dataVersion()).isEqualTo(version);
              assertThat(meta.completeThrough()).isNull();
              assertThat(meta.incompleteReason())
                  .isEqualTo("the stream's newest commit does not say");
            });

    table.commitLines(
        EventTable.streamLine(
            "lake",
            "{\"n\":{\"complete_through\":1},\"complete_through\":\"2016-06-10T02:00:00Z\"}"));

    assertThat(events.count(EventFilter.all(DAY)).meta())
        .satisfies(
            meta -> {
              assertThat(meta.dataVersion()).isEqualTo(version + 1);
              assertThat(meta.completeThrough()).isEqualTo(Instant.parse("2016-06-10T02:00:00Z"));
              assertThat(meta.incompleteReason()).isNull();
            });
  }

  private long count(EventFilter filter) throws QueryUnavailableException {
    return events.count(filter).count();
  }

  private List<String> ids(EventFilter filter) throws QueryUnavailableException {
    return events.search(filter, new PageRequest(1000, Order.ASC, null)).events().stream()
        .map(found -> found.event().eventId())
        .toList();
  }

  private List<String> pages(EventFilter filter, Order order) throws QueryUnavailableException {
    List<String> ids = new ArrayList<>();
    EventPosition after = null;
    do {
      EventPage page = events.search(filter, new PageRequest(4, order, after));
      page.events().forEach(found -> ids.add(found.event().eventId()));
      after = page.next();
    } while (after != null);
    return ids;
  }

  private static List<String> reversed(List<String> ids) {
    List<String> reversed = new ArrayList<>(ids);
    java.util.Collections.reverse(reversed);
    return reversed;
  }

  private static EventFilter filter(
      @Nullable String type,
      @Nullable String user,
      @Nullable String session,
      @Nullable String id,
      Map<String, String> params) {
    return new EventFilter(DAY, type, user, session, id, params);
  }

  private static TimeRange range(String start, String end) {
    return new TimeRange(micros(start), micros(end));
  }
}
