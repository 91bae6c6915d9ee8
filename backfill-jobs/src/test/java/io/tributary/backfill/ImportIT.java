package io.tributary.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class ImportIT {
  private Path folder;
  private TestPlace place;

  @BeforeEach
  void isolate(@TempDir Path empty, TestInfo test) {
    folder = empty;
    place = TestPlace.of(empty, test);
  }

  private static String event(String id) {
    return event(id, 1);
  }

  private static String event(String id, int payload) {
    return "{\"event_id\":\"%s\",\"event_type\":\"click\",\"ts\":\"2016-06-10T01:02:03Z\",\"params\":{\"n\":%d}}"
        .formatted(id, payload);
  }

  private String file(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out =
        name.endsWith(".gz")
            ? new GZIPOutputStream(Files.newOutputStream(file))
            : Files.newOutputStream(file)) {
      out.write(text);
    }
    return file.toString();
  }

  @Test
  void every_line_becomes_a_row_a_duplicate_or_a_letter_and_again_only_duplicates()
      throws Exception {
    place.stream(List.of(event("streamed")));
    String plain =
        file(
            "plain.ndjson",
            event("a"),
            "",
            event("streamed"),
            "no json\r",
            event("a"),
            "{\"event_type\":\"click\",\"ts\":1465520523}");
    String packed = file("packed.ndjson.gz", event("b"), event("a", 2), "[1]");
    List<String> before = place.everything();

    TestPlace.Run plan = place.run("import", plain, packed, "--plan");
    assertThat(plan.code()).isZero();
    assertThat(plan.output()).contains("Would read 8 lines: 6 events", "2 dead letters");
    assertThat(place.everything()).isEqualTo(before);
    assertThat(place.texts("ledger", "kind")).isEmpty();

    TestPlace.Run first = place.run("import", plain, packed);
    assertThat(first.code()).isZero();
    assertThat(first.output())
        .contains(
            "Read 8 lines: 3 rows, 2 duplicates, 3 dead letters {id_conflict=1, not_an_object=1, not_json=1}; 3 documents.");
    assertThat(
            place.texts(
                "events",
                "concat_ws(' ', event_id, coalesce(cast(kafka_offset as string), 'imported'))"))
        .hasSize(4)
        .contains("a imported", "b imported", "streamed 0")
        .anyMatch(row -> row.matches("c-[0-9a-f]{32} imported"));
    assertThat(place.texts("duplicates", "concat_ws(' ', event_id, kafka_topic)"))
        .containsExactly("a", "streamed");
    List<String> letters =
        place.texts(
            "dead_letters",
            "concat_ws(' ', reason, stage, regexp_extract(source_file, '[^/]*$', 0), source_line)");
    assertThat(letters)
        .containsExactly(
            "id_conflict conflict packed.ndjson.gz 2",
            "not_an_object decode packed.ndjson.gz 3",
            "not_json decode plain.ndjson 4");
    TreeMap<String, String> documents = place.index().documents();
    assertThat(documents.keySet())
        .hasSize(4)
        .contains("events-2016.06.10/a", "events-2016.06.10/b", "events-2016.06.10/streamed");
    assertThat(documents.get("events-2016.06.10/a")).doesNotContain("kafka");
    assertThat(place.run("audit").code()).isZero();

    List<String> rows = place.texts("events", "to_json(struct(*))");
    TestPlace.Run second = place.run("import", plain, packed);
    assertThat(second.code()).isZero();
    assertThat(second.output()).contains("Read 8 lines: 0 rows, 5 duplicates, 3 dead letters");
    assertThat(place.texts("events", "to_json(struct(*))")).isEqualTo(rows);
    assertThat(
            place.texts(
                "dead_letters",
                "concat_ws(' ', reason, stage, regexp_extract(source_file, '[^/]*$', 0), source_line)"))
        .isEqualTo(letters);
    assertThat(place.index().documents()).isEqualTo(documents);
  }

  @Test
  void the_stream_and_an_import_of_the_same_events_at_the_same_time_double_none() throws Exception {
    List<String> ids = IntStream.range(0, 600).mapToObj("e-%03d"::formatted).toList();
    String file = file("same.ndjson", ids.stream().map(ImportIT::event).toArray(String[]::new));
    place.streamToLake(List.of(event("first")));

    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> stream =
          threads.submit(
              () -> {
                for (int i = 0; i < ids.size(); i += 60) {
                  place.streamToLake(ids.subList(i, i + 60).stream().map(ImportIT::event).toList());
                }
              });
      Future<TestPlace.Run> imported = threads.submit(() -> place.run("import", file));
      assertThat(imported.get().code()).isZero();
      stream.get();
    } finally {
      threads.shutdownNow();
    }

    assertThat(place.texts("events", "event_id")).containsAll(ids).hasSize(601);
    assertThat(place.texts("duplicates", "event_id")).isEqualTo(ids);
    assertThat(place.texts("dead_letters", "event_id")).isEmpty();
  }

  @Test
  void without_the_index_the_rows_are_imported_and_a_repair_makes_the_documents() throws Exception {
    String file = file("some.ndjson", event("a"), event("b"));

    TestPlace.Run deaf = place.away().run("import", file);
    assertThat(deaf.code()).isEqualTo(1);
    assertThat(deaf.output())
        .contains("Read 2 lines: 2 rows", "Run audit --repair when Elasticsearch is well");
    assertThat(place.texts("events", "event_id")).containsExactly("a", "b");

    TestPlace.Run repair = place.run("audit", "--repair");
    assertThat(repair.differences()).containsExactly("missing a", "missing b");
    assertThat(repair.code()).isZero();
    assertThat(place.index().documents()).hasSize(2);
  }

  @Test
  void a_file_that_is_not_there_is_refused() {
    TestPlace.Run run = place.run("import", folder.resolve("nowhere.ndjson").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.output()).contains("nowhere.ndjson: there is no such file");
  }
}
