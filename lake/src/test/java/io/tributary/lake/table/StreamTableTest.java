package io.tributary.lake.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTableTest {
  private final Engine engine = LakeEngine.create(new Configuration());

  private Path folder;
  private String root;

  @BeforeEach
  void name(@TempDir Path empty) {
    folder = empty;
    root = "file://" + folder;
  }

  private StreamTable<DeadLetter> open(String query) {
    return StreamTable.open(engine, new Configuration(), root, TableLayouts.deadLetters(), query);
  }

  private static StreamCommit commit(String query, long from, long until) {
    return StreamCommit.ofBatch(
        query,
        1,
        List.of(new OffsetRange("events", 0, from, until)),
        until - from,
        until - from,
        0,
        Map.of(),
        0);
  }

  @Test
  void of_two_writers_of_one_query_the_second_is_refused() {
    StreamTable<DeadLetter> paused = open("lake");
    StreamTable<DeadLetter> successor = open("lake");

    successor.append(List.of(), commit("lake", 0, 5));

    assertThatThrownBy(() -> paused.append(List.of(), commit("lake", 0, 3)))
        .isInstanceOf(ConcurrentWriteException.class);
    assertThat(open("lake").committed().next("events", 0)).isEqualTo(5);
  }

  @Test
  void writers_of_two_queries_do_not_disturb_each_other() {
    StreamTable<DeadLetter> lake = open("lake");
    StreamTable<DeadLetter> index = open("index");

    index.append(List.of(), commit("index", 0, 5));
    lake.append(List.of(), commit("lake", 0, 3));
    index.append(List.of(), commit("index", 5, 9));

    assertThat(open("lake").committed().next("events", 0)).isEqualTo(3);
    assertThat(open("index").committed().next("events", 0)).isEqualTo(9);
    assertThat(open("index").version()).isEqualTo(3);
  }

  @Test
  void one_that_has_caught_up_may_write_again() {
    StreamTable<DeadLetter> first = open("lake");
    StreamTable<DeadLetter> second = open("lake");
    second.append(List.of(), commit("lake", 0, 5));

    assertThat(first.catchUp()).isEqualTo(TableChanges.NONE);
    first.append(List.of(), commit("lake", 5, 7));

    assertThat(open("lake").committed().next("events", 0)).isEqualTo(7);
  }

  @Test
  void the_newest_commit_tells_of_itself_and_asking_makes_nothing() {
    assertThat(StreamTable.newestCommit(engine, root, "dead_letters", "lake")).isEmpty();
    assertThat(folder.resolve("dead_letters")).doesNotExist();

    open("lake").append(List.of(), commit("lake", 0, 5));

    assertThat(StreamTable.newestCommit(engine, root, "dead_letters", "lake"))
        .contains(commit("lake", 0, 5));
    assertThat(StreamTable.newestCommit(engine, root, "dead_letters", "index")).isEmpty();
  }
}
