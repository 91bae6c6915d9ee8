package io.tributary.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.event.TypedField;
import io.tributary.lake.index.Owed;
import io.tributary.lake.reindex.Existing;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.OffsetRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class BackfillJobsIT {
  private static final String DAY = "2016.06.10";

  private TestPlace place;

  @BeforeEach
  void isolate(@TempDir Path folder, TestInfo test) {
    place = TestPlace.of(folder, test);
  }

  private static String event(String id, String ts) {
    return event(id, ts, "{\"n\":1.50,\"text\":\"ä\\n\"}");
  }

  private static String event(String id, String ts, String params) {
    return "{\"event_id\":\"%s\",\"event_type\":\"click\",\"ts\":\"%s\",\"user_id\":\"u\",\"params\":%s}"
        .formatted(id, ts, params);
  }

  /** 60 events: 20 an hour, in two hours of one day and one of the next. */
  private static List<String> events() {
    List<String> events = new ArrayList<>();
    IntStream.range(0, 20)
        .forEach(
            i -> {
              events.add(
                  event("a-%02d".formatted(i), "2016-06-10T01:%02d:03.123456Z".formatted(i)));
              events.add(
                  event("b-%02d".formatted(i), "2016-06-10T23:%02d:59.999999Z".formatted(i)));
              events.add(event("c-%02d".formatted(i), "2016-06-11T00:%02d:00Z".formatted(i / 10)));
            });
    return events;
  }

  private void alter(String id, String field, Object value) {
    ObjectNode document = place.index().document(DAY, id);
    document.putPOJO(field, value);
    place.index().put(DAY, id, document);
  }

  @Test
  void what_was_deleted_added_and_altered_behind_our_back_is_named_and_repaired() {
    place.stream(events());
    TreeMap<String, String> before = place.index().documents();
    assertThat(before).hasSize(60);
    assertThat(place.run("audit").code()).isZero();

    TestIndex index = place.index();
    index.delete(DAY, "a-05");
    index.delete("2016.06.11", "c-07");
    alter("a-06", "event_type", "forged");
    alter("a-07", "d1", 12345);
    alter("a-08", "params", java.util.Map.of("n", 2));
    ObjectNode moved = index.document(DAY, "b-01");
    index.put(DAY, "b-01", moved.put("ts", "2016-06-10T01:30:00.000000Z"));
    ObjectNode strayed = index.document(DAY, "b-02");
    index.put(DAY, "b-02", strayed.put("ts", "2001-01-01T00:00:00.000000Z"));
    ObjectNode ghost = index.document(DAY, "a-01");
    index.put(DAY, "ghost", ghost.put("event_id", "ghost"));
    index.put(DAY, "timeless", ghost.objectNode().put("event_type", "click"));
    TreeMap<String, String> damaged = index.documents();
    List<String> ledger = place.texts("ledger", "to_json(struct(*))");

    List<String> differences =
        List.of(
            "altered a-06",
            "altered a-07",
            "altered a-08",
            "altered b-01",
            "altered b-02",
            "extra ghost",
            "extra timeless",
            "missing a-05",
            "missing c-07");
    TestPlace.Run plan = place.run("audit", "--repair", "--plan");
    assertThat(plan.code()).isZero();
    assertThat(plan.output())
        .contains("A repair would write 7 documents and delete 2. Nothing was touched.");
    assertThat(plan.differences()).isEqualTo(differences);
    assertThat(place.texts("ledger", "to_json(struct(*))")).isEqualTo(ledger);
    TestPlace.Run audit = place.run("audit");
    assertThat(audit.code()).isEqualTo(1);
    assertThat(audit.differences()).isEqualTo(differences);
    assertThat(audit.report().path("state").asText()).isEqualTo("differences");
    assertThat(audit.output())
        .contains("2016-06-10T01:00:00Z: lake 20, index 21, refused 0:", "  missing a-05");
    assertThat(index.documents()).isEqualTo(damaged);

    TestPlace.Run repair = place.run("audit", "--repair");
    assertThat(repair.differences()).isEqualTo(differences);
    assertThat(repair.code()).isZero();
    assertThat(index.documents()).isEqualTo(before);
    assertThat(repair.report().path("result").path("written").asLong()).isEqualTo(7);
    assertThat(repair.report().path("result").path("deleted").asLong()).isEqualTo(2);

    TestPlace.Run after = place.run("audit", "--repair");
    assertThat(after.code()).isZero();
    assertThat(after.differences()).isEmpty();
    assertThat(after.report().path("result").path("written").asLong()).isZero();
    assertThat(index.documents()).isEqualTo(before);
    assertThat(
            place.texts(
                "ledger", "concat_ws(' ', kind, query, get_json_object(detail, '$.state'))"))
        .containsSubsequence("run audit differences", "run audit done", "run audit started")
        .contains("hour audit", "repair audit");
  }

  @Test
  void a_fast_audit_reads_no_texts_and_a_range_is_taken_in_whole_hours() {
    place.stream(events());
    alter("a-06", "event_type", "forged");
    place.index().delete(DAY, "b-03");

    TestPlace.Run fast = place.run("audit", "--digests-only");
    assertThat(fast.differences()).containsExactly("missing b-03");

    TestPlace.Run morning =
        place.run("audit", "--from", "2016-06-10T01:30:00Z", "--to", "2016-06-10T01:31:00Z");
    assertThat(morning.differences()).containsExactly("altered a-06");
    assertThat(morning.report().path("arguments").path("from").asText())
        .isEqualTo("2016-06-10T01:00:00Z");
    assertThat(morning.report().path("arguments").path("to").asText())
        .isEqualTo("2016-06-10T02:00:00Z");
  }

  @Test
  void a_wiped_day_comes_back_by_reindex_with_equal_documents_and_again_changes_nothing() {
    place.stream(events());
    TreeMap<String, String> before = place.index().documents();
    place.index().send("DELETE", "events-" + DAY, "");
    assertThat(place.index().documents()).hasSize(20);

    TestPlace.Run plan = place.run("reindex", "--to", "2016-06-11T00:00:00Z", "--plan");
    assertThat(plan.code()).isZero();
    assertThat(plan.output()).contains("Would write 40 documents of 2 hours");
    assertThat(place.index().documents()).hasSize(20);
    assertThat(place.texts("ledger", "kind")).isEmpty();

    TestPlace.Run reindex = place.run("reindex", "--to", "2016-06-11T00:00:00Z");
    assertThat(reindex.code()).isZero();
    assertThat(reindex.report().path("result").path("written").asLong()).isEqualTo(40);
    assertThat(place.index().documents()).isEqualTo(before);
    assertThat(place.run("audit").differences()).isEmpty();
    assertThat(place.run("reindex").code()).isZero();
    assertThat(place.index().documents()).isEqualTo(before);
  }

  @Test
  void a_wiped_index_is_missing_whole_and_a_repair_brings_it_back() {
    place.stream(events());
    TreeMap<String, String> before = place.index().documents();
    place.index().send("DELETE", "events-" + DAY, "");
    place.index().send("DELETE", "events-2016.06.11", "");

    TestPlace.Run repair = place.run("audit", "--repair");

    assertThat(repair.code()).isZero();
    assertThat(repair.report().path("result").path("missing").asLong()).isEqualTo(60);
    assertThat(place.index().documents()).isEqualTo(before);
  }

  @Test
  void a_refused_document_becomes_one_letter_and_is_no_difference() {
    place.streamToLake(
        List.of(
            event("fine", "2016-06-10T01:02:03Z"),
            event("nul-key", "2016-06-10T01:02:03Z", "{\"a\\u0000b\":1}"),
            event("nul-key", "2016-06-11T01:02:03Z")));
    assertThat(place.run("audit").differences())
        .containsExactly("missing fine", "missing nul-key", "missing nul-key");

    TestPlace.Run repair = place.run("audit", "--repair");
    assertThat(repair.code()).isZero();
    List<String> letters =
        place.texts("dead_letters", "concat_ws(' ', reason, stage, event_id, kafka_offset)");
    assertThat(letters).containsExactly("index_rejected index nul-key 1");
    assertThat(place.texts("dead_letters", "detail").get(0)).isNotBlank();
    assertThat(place.index().documents().keySet())
        .containsExactly("events-2016.06.10/fine", "events-2016.06.11/nul-key");

    TestPlace.Run audit = place.run("audit");
    assertThat(audit.code()).isZero();
    assertThat(audit.output()).contains("lake 3 events, index 2 documents, no difference");
    TestPlace.Run reindex = place.run("reindex");
    assertThat(reindex.report().path("result").path("refused").asLong()).isEqualTo(1);
    assertThat(reindex.report().path("result").path("letters_added").asLong()).isZero();
    assertThat(place.texts("dead_letters", "event_id")).containsExactly("nul-key");
  }

  @Test
  void another_event_gives_way_to_none_where_the_rows_own_document_is_refused() {
    place.stream(List.of(event("fine", "2016-06-10T01:02:03Z")));
    place.streamToLake(List.of(event("nul-key", "2016-06-10T01:02:03Z", "{\"a\\u0000b\":1}")));
    // The loser of two events with one id, which the index took.
    ObjectNode loser = place.index().document(DAY, "fine");
    place.index().put(DAY, "nul-key", loser.put("event_id", "nul-key").put("d1", 12_345));

    TestPlace.Run repair = place.run("audit", "--repair");

    assertThat(repair.differences()).containsExactly("altered nul-key");
    assertThat(repair.code()).isZero();
    assertThat(place.index().documents().keySet()).containsExactly("events-2016.06.10/fine");
    assertThat(place.texts("dead_letters", "event_id")).containsExactly("nul-key");
  }

  @Test
  void what_an_index_refuses_that_was_made_without_our_template_meanwhile_is_no_letter() {
    place.streamToLake(List.of(event("fine", "2016-06-10T01:02:03Z")));
    ObjectNode foreign = new ObjectMapper().createObjectNode().put("event_id", "foreign");
    List.of("event_type", "ts", "d0", "d1", "d2", "params").forEach(name -> foreign.put(name, "x"));
    place.index().put(DAY, "foreign", foreign);
    Workplace workplace = Workplace.open("run", place.configuration(), Clock.systemUTC());

    Reindex.Reindexed done =
        workplace
            .reindex()
            .write(
                workplace.spark().read().format("delta").load(workplace.eventsPath()),
                Existing.KEPT);

    assertThat(done.refused()).extracting(DeadLetter::eventId).containsExactly("fine");
    assertThatThrownBy(() -> workplace.keep(done.refused()))
        .hasMessageContaining("events-%s: it was not made by our template".formatted(DAY));
    assertThat(place.texts("dead_letters", "event_id")).isEmpty();
  }

  @Test
  void what_the_index_query_has_yet_to_do_is_no_difference() {
    List<String> events = events();
    place.stream(events.subList(0, 30));
    place.streamToLake(events.subList(30, 60));
    place.indexDone(30);
    assertThat(place.run("audit").code()).isZero();

    // Of a partition that the lake query has not come to.
    ObjectNode ahead = place.index().document(DAY, "a-01");
    ahead
        .put("event_id", "ahead")
        .put("kafka_partition", 1)
        .put("kafka_offset", 0)
        .put("d1", 12_345);
    place.index().put(DAY, "ahead", ahead);
    assertThat(place.run("audit").code()).isZero();
    place.index().delete(DAY, "a-01");
    assertThat(place.run("audit", "--repair").differences()).containsExactly("missing a-01");
    assertThat(place.index().documents()).containsKey("events-%s/ahead".formatted(DAY));

    place.indexDone(50);
    assertThat(place.run("audit").differences()).hasSize(20).allMatch(d -> d.startsWith("missing"));
  }

  @Test
  void old_events_of_a_topic_that_was_made_again_are_judged_and_those_on_their_way_are_not() {
    List<String> events = events();
    place.topicIsMade("first");
    place.stream(events.subList(0, 40));
    place.topicIsMade("second");
    place.stream(events.subList(40, 45));
    place.streamToLake(events.subList(45, 48));
    place.indexDone(5);
    TreeMap<String, String> before = place.index().documents();
    TestPlace.Run clean = place.run("audit");
    assertThat(clean.code()).isZero();
    assertThat(clean.output()).contains("Not judged: 3 rows, whose documents are on their way");

    // Both at offsets that the second topic has not come to.
    place.index().delete(DAY, "a-10");
    alter("b-11", "d1", 12345);

    TestPlace.Run audit = place.run("audit");
    assertThat(audit.code()).isEqualTo(1);
    assertThat(audit.differences()).containsExactly("altered b-11", "missing a-10");
    assertThat(place.run("audit", "--repair").code()).isZero();
    assertThat(place.index().documents()).isEqualTo(before);
  }

  @Test
  void everything_that_a_debt_covers_is_not_judged_and_everything_else_is(@TempDir Path files)
      throws Exception {
    place.stream(events());
    Path more = Files.writeString(files.resolve("more.ndjson"), event("i", "2016-06-10T01:00:00Z"));
    assertThat(place.run("import", more.toString()).code()).isZero();
    place.index().delete(DAY, "i");
    place.index().delete(DAY, "a-10");
    alter("b-11", "d1", 12345);
    place.index().delete("2016.06.11", "c-07");
    List<OffsetRange> first = List.of(new OffsetRange(TestPlace.TOPIC, 0, 0, 1));

    place.indexDone(60, List.of(owed(Owed.Reason.INDEX_MADE_AGAIN, first, "2016-06-10")));
    TestPlace.Run day = place.run("audit");
    assertThat(day.differences()).containsExactly("missing c-07");
    assertThat(day.output())
        .contains(
            "Not judged, because their documents are owed and on record as that: index made again since then: everything in the lake of 2016-06-10, with events-0 offsets 0 to 1.");

    place.indexDone(60, List.of(owed(Owed.Reason.UNKNOWN_TOPIC, first)));
    assertThat(place.run("audit").differences()).containsExactly("missing i");

    place.indexDone(60, List.of(owed(Owed.Reason.NO_POSITION, List.of())));
    TestPlace.Run everything = place.run("audit");
    assertThat(everything.code()).isZero();
    assertThat(everything.output()).contains("no difference in what could be judged");

    place.indexDone(60);
    assertThat(place.run("audit").differences())
        .containsExactly("altered b-11", "missing a-10", "missing c-07", "missing i");
  }

  private static Owed owed(Owed.Reason reason, List<OffsetRange> ranges, String... days) {
    return new Owed("x", reason, ranges, Map.of(), List.of(days), null, "then");
  }

  @Test
  void an_hour_whose_index_is_closed_is_named_and_the_others_are_compared() {
    place.stream(events());
    place.stream(List.of(event("d", "2016-04-30T00:00:00Z")));
    place.index().send("POST", "events-%s/_close".formatted(DAY), "");
    place.index().delete("2016.06.11", "c-07");
    // Somebody's, named like a day that there is not: it hides none.
    place.index().send("PUT", "events-2016.04.31", "");
    place.index().send("POST", "events-2016.04.31/_close", "");
    place.index().delete("2016.04.30", "d");

    TestPlace.Run repair = place.run("audit", "--repair");

    assertThat(repair.code()).isEqualTo(1);
    assertThat(repair.differences()).containsExactly("missing c-07", "missing d");
    assertThat(repair.output())
        .contains(
            "2016-06-10T01:00:00Z: not compared: its index %sevents-%s is closed. Open it"
                .formatted(place.index().prefix(), DAY),
            "2016-06-10T23:00:00Z: not compared");
    assertThat(place.index().document("2016.06.11", "c-07").path("event_id").asText())
        .isEqualTo("c-07");
    place.index().send("POST", "events-%s/_open?wait_for_active_shards=1".formatted(DAY), "");
    assertThat(place.run("audit").code()).isZero();
  }

  @Test
  void an_index_that_hides_its_metadata_is_compared_and_keeps_no_other_from_it() {
    place.stream(events());
    place.index().delete(DAY, "a-07");
    place.index().delete("2016.06.11", "c-07");
    String settings = "events-%s/_settings".formatted(DAY);
    place.index().send("PUT", settings, "{\"index.blocks.metadata\":true}");
    try {
      assertThat(place.run("audit").differences()).containsExactly("missing a-07", "missing c-07");

      TestPlace.Run repair = place.run("audit", "--repair");

      assertThat(repair.output()).contains("Compared again: no difference is left.");
      assertThat(repair.code()).isZero();
      assertThat(place.index().document(DAY, "a-07").path("event_id").asText()).isEqualTo("a-07");
    } finally {
      place.index().send("PUT", settings, "{\"index.blocks.metadata\":null}");
    }
    assertThat(place.run("audit").code()).isZero();
  }

  @Test
  void a_typed_field_that_was_altered_or_removed_is_named_and_repaired() {
    place.stream(List.of(event("before", "2016-06-10T01:02:03Z", "{\"os\":\"ios\"}")));
    place.typed(
        List.of(
            new TypedField("platform", "os", TypedField.Type.STRING),
            new TypedField("at", "at", TypedField.Type.TIMESTAMP),
            new TypedField("place", "place", TypedField.Type.GEO_POINT)));
    String params = "{\"os\":\"ios\",\"at\":\"2016-06-10T01:00:00Z\",\"place\":\"1,2\"}";
    place.stream(
        List.of(
            event("kept", "2016-06-10T01:02:03Z", params),
            event("altered", "2016-06-10T01:02:03Z", params),
            event("removed", "2016-06-10T02:02:03Z", params)));
    String fields =
        "fields: [{name: platform, path: os, type: string}, {name: at, path: at, type: timestamp}, {name: place, path: place, type: geo_point}]";
    TreeMap<String, String> before = place.index().documents();
    assertThat(place.runWith(fields, "audit").differences()).isEmpty();

    place
        .index()
        .send(
            "POST",
            "events-%s/_update/altered?refresh=true".formatted(DAY),
            "{\"doc\":{\"platform\":\"forged\"}}");
    ObjectNode document = place.index().document(DAY, "removed");
    document.remove("at");
    place.index().put(DAY, "removed", document);

    TestPlace.Run repair = place.runWith(fields, "audit", "--repair");
    assertThat(repair.differences()).containsExactly("altered altered", "altered removed");
    assertThat(repair.code()).isZero();
    assertThat(place.index().documents()).isEqualTo(before);
    // Old rows may have been given the field since.
    assertThat(place.runWith(fields, "reindex").code()).isZero();
    assertThat(place.index().document(DAY, "before").path("platform").asText()).isEqualTo("ios");
    assertThat(place.runWith(fields, "audit").differences()).isEmpty();
  }

  @Test
  void of_a_conflict_that_the_index_decided_otherwise_the_lakes_event_wins() {
    String winner = event("same", "2016-06-10T01:02:03Z");
    String loser = event("same", "2016-06-10T14:00:00Z", "{\"n\":2}");
    var loserFirst = place.streamToLake(List.of(winner, loser));
    place.streamToIndex(loserFirst.where("offset = 1"));
    place.streamToIndex(loserFirst.where("offset = 0"));
    assertThat(place.index().document(DAY, "same").path("kafka_offset").asLong()).isEqualTo(1);

    TestPlace.Run repair = place.run("audit", "--repair");

    assertThat(repair.differences()).containsExactly("altered same");
    assertThat(repair.code()).isZero();
    assertThat(place.index().document(DAY, "same").path("kafka_offset").asLong()).isZero();
  }

  @Test
  void typed_fields_are_made_anew_by_the_configuration_of_today() {
    place.stream(List.of(event("e", "2016-06-10T01:02:03Z", "{\"platform\":\"ios\"}")));

    TestPlace.Run reindex =
        place.runWith("fields: [{name: platform, path: platform, type: string}]", "reindex");

    assertThat(reindex.code()).isZero();
    assertThat(place.index().document(DAY, "e").path("platform").asText()).isEqualTo("ios");
  }

  @Test
  void wrong_arguments_are_refused_with_what_is_wrong() {
    assertThat(place.run("audit", "--from", "yesterday"))
        .satisfies(
            run -> {
              assertThat(run.code()).isEqualTo(2);
              assertThat(run.output()).contains("Invalid time: yesterday");
            });
    assertThat(place.run("reindex", "--from", "10", "--to", "10").code()).isEqualTo(2);
    assertThat(place.run("reindx").code()).isEqualTo(2);
    assertThat(place.runWith("indx: 1", "audit").code()).isEqualTo(2);
  }
}
