package io.tributary.lake.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.engine.Engine;
import io.tributary.event.RangeDigest;
import io.tributary.lake.TestSpark;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final Instant AT = Instant.parse("2026-03-04T05:06:07.123456Z");
  private static final Instant HOUR = Instant.parse("2016-06-10T01:00:00Z");

  private final Engine engine = LakeEngine.create(new Configuration());

  private Path folder;
  private String root;

  @BeforeEach
  void name(@TempDir Path empty) {
    folder = empty;
    root = "file://" + folder;
  }

  private List<String> rows(String... columns) {
    return Ledger.read(TestSpark.session(), root)
        .selectExpr("concat_ws('|', kind, " + String.join(", ", columns) + ")")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  @Test
  void every_kind_of_row_comes_back_with_the_columns_it_has() {
    OffsetRange range = new OffsetRange("events", 3, 10, 14);
    StreamCommit commit =
        StreamCommit.ofBatch("lake", 7, List.of(range), 4, 1, 2, Map.of("not_json", 1L), 0);

    Ledger.open(engine, root)
        .append(
            List.of(
                LedgerRow.lakeBatch(AT, commit, 42, 0),
                LedgerRow.indexBatch(AT, 8, List.of(range), 4, 3, 1),
                LedgerRow.hour(
                    AT,
                    "run-1",
                    "audit",
                    HOUR,
                    new RangeDigest(5, 1, 2, 3),
                    new RangeDigest(4, 6, 7, 8),
                    1),
                LedgerRow.gap(AT, "lake", range, "Kafka has removed them"),
                LedgerRow.owed(AT, range, "owed", "the index lagged"),
                LedgerRow.repair(AT, null, "index", HOUR, 9, 0, Map.of("deleted", 2)),
                LedgerRow.run(AT, "run-1", "audit", Map.of("state", "started"))));

    assertThat(rows("query", "batch", "version", "records", "rows", "duplicates", "dead_letters"))
        .contains("lake_batch|lake|7|42|4|1|2|1");
    assertThat(rows("query", "batch", "records", "rows", "index_rejected"))
        .contains("index_batch|index|8|4|3|1");
    assertThat(
            rows(
                "run",
                "query",
                "hour",
                "lake_count",
                "lake_d0",
                "lake_d1",
                "lake_d2",
                "index_count",
                "index_d0",
                "index_d1",
                "index_d2",
                "index_rejected"))
        .contains("hour|run-1|audit|2016-06-10 01:00:00|5|1|2|3|4|6|7|8|1");
    assertThat(rows("query", "topic", "kafka_partition", "from_offset", "until_offset", "lost"))
        .contains("gap|lake|events|3|10|14|4", "owed|index|events|3|10|14");
    assertThat(rows("detail"))
        .contains(
            "repair|{\"deleted\":2}",
            "run|{\"state\":\"started\"}",
            "gap|{\"reason\":\"Kafka has removed them\"}");
    assertThat(rows("at", "date"))
        .hasSize(7)
        .allMatch(row -> row.endsWith("|2026-03-04 05:06:07.123456|2026-03-04"));
  }

  @Test
  void several_writers_add_at_the_same_time_and_none_is_refused_or_lost() throws Exception {
    List<Callable<Void>> writers =
        IntStream.range(0, 4)
            .<Callable<Void>>mapToObj(
                writer ->
                    () -> {
                      Ledger ledger = Ledger.open(engine, root);
                      for (int i = 0; i < 5; i++) {
                        ledger.append(
                            List.of(LedgerRow.run(AT, writer + "-" + i, "test", Map.of())));
                      }
                      return null;
                    })
            .toList();

    ExecutorService threads = Executors.newFixedThreadPool(writers.size());
    try {
      for (Future<Void> done : threads.invokeAll(writers)) {
        done.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(rows("run"))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 20).mapToObj(i -> "run|%d-%d".formatted(i / 5, i % 5)).toList());
  }

  @Test
  void of_two_writers_that_go_on_from_one_position_the_second_adds_nothing() {
    Ledger paused = Ledger.open(engine, root);
    List<LedgerRow> rows = List.of(LedgerRow.run(AT, "batch-1", "test", Map.of()));
    Optional<String> start = paused.position("lake");
    Ledger successor = Ledger.open(engine, root);
    assertThat(successor.append(rows, "lake", start, "to 1")).isTrue();

    assertThat(paused.append(rows, "lake", start, "to 1")).isFalse();

    assertThat(rows("run")).containsExactly("run|batch-1");
    assertThat(paused.append(rows, "others", Optional.empty(), "to 1")).isTrue();
    assertThat(paused.position("lake")).contains("to 1");
  }

  @Test
  void a_position_moves_also_without_rows_and_only_from_where_it_was() {
    Ledger ledger = Ledger.open(engine, root);
    assertThat(ledger.advance("view", Optional.empty(), "to 1")).isTrue();
    assertThat(ledger.advance("view", Optional.empty(), "to 2")).isFalse();
    assertThat(ledger.position("view")).contains("to 1");

    assertThat(ledger.advance("view", Optional.of("to 1"), "to 2")).isTrue();

    assertThat(Ledger.open(engine, root).position("view")).contains("to 2");
    assertThat(rows("run")).isEmpty();
  }

  @Test
  void of_two_writers_that_add_at_the_same_time_one_gets_through() throws Exception {
    List<Callable<Boolean>> writers =
        IntStream.range(0, 4)
            .<Callable<Boolean>>mapToObj(
                writer ->
                    () ->
                        Ledger.open(engine, root)
                            .append(
                                List.of(LedgerRow.run(AT, "batch-1", "test", Map.of())),
                                "lake",
                                Optional.empty(),
                                "by " + writer))
            .toList();

    ExecutorService threads = Executors.newFixedThreadPool(writers.size());
    List<Boolean> done = new ArrayList<>();
    try {
      for (Future<Boolean> writer : threads.invokeAll(writers)) {
        done.add(writer.get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(done).containsExactlyInAnyOrder(true, false, false, false);
    assertThat(rows("run")).containsExactly("run|batch-1");
  }

  @Test
  void nothing_to_add_makes_no_commit() throws Exception {
    Ledger ledger = Ledger.open(engine, root);

    ledger.append(List.of());

    try (var log = Files.list(folder.resolve("ledger/_delta_log"))) {
      assertThat(log.map(file -> file.getFileName().toString()))
          .filteredOn(name -> name.endsWith(".json"))
          .containsExactly("00000000000000000000.json");
    }
  }

  @Test
  void the_log_gets_checkpoints_so_that_a_long_ledger_opens_fast() throws Exception {
    Ledger ledger = Ledger.open(engine, root);

    for (int i = 0; i < 50; i++) {
      ledger.append(List.of(LedgerRow.run(AT, "run-" + i, "test", Map.of())));
    }

    try (var log = Files.list(folder.resolve("ledger/_delta_log"))) {
      assertThat(log.map(file -> file.getFileName().toString()))
          .contains("_last_checkpoint", "00000000000000000050.checkpoint.parquet");
    }
    assertThat(rows("run")).hasSize(50);
  }
}
