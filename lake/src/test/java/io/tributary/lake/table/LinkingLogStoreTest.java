package io.tributary.lake.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.storage.HDFSLogStore;
import io.delta.storage.LocalLogStore;
import io.delta.storage.LogStore;
import io.tributary.lake.TestSpark;
import io.tributary.lake.seam.Step;
import io.tributary.lake.seam.TestIntruder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkingLogStoreTest {
  private static final int CONTESTED_FILES = 200;

  private final Configuration hadoop = new Configuration();
  private final LogStore store = new LinkingLogStore(hadoop);

  private Path folder;
  private Path commit;

  @BeforeEach
  void name(@TempDir Path empty) {
    folder = empty;
    commit = folder.resolve("00000000000000000007.json");
  }

  @AfterEach
  void leave() {
    TestIntruder.leave();
  }

  @Test
  void what_is_written_is_there_line_by_line_and_nothing_else() throws IOException {
    write(store, commit, List.of("{\"a\":1}", "{\"b\":\"ü\"}"));

    assertThat(Files.readString(commit)).isEqualTo("{\"a\":1}\n{\"b\":\"ü\"}\n");
    assertThat(names()).containsExactly(commit.getFileName().toString());
  }

  @Test
  void a_commit_that_is_there_is_refused_and_stays() throws IOException {
    write(store, commit, List.of("first"));

    assertThatThrownBy(() -> write(store, commit, List.of("second")))
        .hasCauseInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("00000000000000000007.json");
    assertThat(Files.readString(commit)).isEqualTo("first\n");
    assertThat(names()).hasSize(1);
  }

  @Test
  void a_writer_that_was_overtaken_while_it_wrote_is_refused() throws IOException {
    Iterator<String> overtaken = overtakenBy(store);

    assertThatThrownBy(() -> store.write(path(commit), overtaken, false, hadoop))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(commit)).isEqualTo("of the successor\n");
    assertThat(names()).hasSize(1);
  }

  @Test
  void a_writer_that_was_overtaken_right_before_it_would_be_visible_is_refused() {
    AtomicInteger passed = new AtomicInteger();
    TestIntruder.at(
        Step.COMMIT_PREPARED,
        records -> {
          if (passed.getAndIncrement() == 0) {
            write(store, commit, List.of("of the successor"));
          }
        });

    assertThatThrownBy(() -> write(store, commit, List.of("of the paused one")))
        .hasCauseInstanceOf(FileAlreadyExistsException.class);
    assertThat(commit).hasContent("of the successor\n");
  }

  /** Why the store that Delta brings for local files does not do. */
  @Test
  void with_the_store_that_delta_brings_the_overtaken_writer_replaces_the_commit()
      throws IOException {
    new LocalLogStore(hadoop).write(path(commit), overtakenBy(store), false, hadoop);

    assertThat(Files.readString(commit)).isEqualTo("of the paused one\nand its second line\n");
  }

  @Test
  void of_two_writers_who_race_exactly_one_wins_and_its_content_is_there() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int number = 0; number < CONTESTED_FILES; number++) {
        Path contested = folder.resolve("%020d.json".formatted(number));
        List<Future<Boolean>> writers = new ArrayList<>();
        for (String writer : List.of("a", "b")) {
          writers.add(
              threads.submit(
                  () -> {
                    start.await();
                    return wins(contested, Collections.nCopies(50, writer.repeat(200)));
                  }));
        }
        boolean first = writers.get(0).get();
        boolean second = writers.get(1).get();

        assertThat(first).as("one of the two wins %s", contested).isNotEqualTo(second);
        assertThat(Files.readAllLines(contested))
            .hasSize(50)
            .containsOnly((first ? "a" : "b").repeat(200));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(names()).hasSize(CONTESTED_FILES);
  }

  @Test
  void a_file_that_may_be_replaced_is_replaced_with_what_hadoop_left_beside_it()
      throws IOException {
    Path pointer = folder.resolve("_last_checkpoint");
    write(store, pointer, List.of("old"));
    Files.writeString(folder.resolve("._last_checkpoint.crc"), "of the old one");

    store.write(path(pointer), List.of("new").iterator(), true, hadoop);

    assertThat(Files.readString(pointer)).isEqualTo("new\n");
    assertThat(names()).containsExactly("_last_checkpoint");
    assertThat(store.read(path(pointer), hadoop).next()).isEqualTo("new");
  }

  @Test
  void a_failure_while_writing_leaves_nothing_behind() throws IOException {
    Iterator<String> failing =
        Stream.of("first", "second")
            .peek(
                line -> {
                  if (line.equals("second")) {
                    throw new UncheckedIOException(new IOException("cannot read on"));
                  }
                })
            .iterator();

    assertThatThrownBy(() -> store.write(path(commit), failing, false, hadoop))
        .hasMessageContaining("cannot read on");
    assertThat(names()).isEmpty();
  }

  @Test
  void a_folder_that_is_not_there_is_named() {
    Path nowhere = folder.resolve("missing/00000000000000000000.json");

    assertThatThrownBy(() -> store.write(path(nowhere), Collections.emptyIterator(), false, hadoop))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining(folder.resolve("missing").toString());
  }

  @Test
  void kernel_commits_through_it_whether_the_root_names_its_scheme_or_not() {
    for (String root : List.of("file://" + folder.resolve("a"), folder.resolve("b").toString())) {
      AtomicInteger prepared = new AtomicInteger();
      TestIntruder.at(Step.COMMIT_PREPARED, records -> prepared.incrementAndGet());

      StreamTable<DeadLetter> table =
          StreamTable.open(
              LakeEngine.create(hadoop), hadoop, root, TableLayouts.deadLetters(), "lake");
      table.append(List.of(), batch(0, 5));

      assertThat(prepared).as("commits under %s", root).hasValue(2);
    }
  }

  @Test
  void a_store_of_the_user_is_kept() {
    hadoop.set("io.delta.kernel.logStore.file.impl", HDFSLogStore.class.getName());
    AtomicInteger prepared = new AtomicInteger();
    TestIntruder.at(Step.COMMIT_PREPARED, records -> prepared.incrementAndGet());

    StreamTable.open(
        LakeEngine.create(hadoop), hadoop, folder.toString(), TableLayouts.deadLetters(), "lake");

    assertThat(prepared).hasValue(0);
  }

  @Test
  void a_stream_that_is_overtaken_inside_its_commit_is_refused_and_nothing_is_replaced()
      throws IOException {
    Engine engine = LakeEngine.create(hadoop);
    StreamTable<DeadLetter> paused = open(engine);
    AtomicInteger passed = new AtomicInteger();
    TestIntruder.at(
        Step.COMMIT_PREPARED,
        records -> {
          if (passed.getAndIncrement() == 0) {
            open(engine).append(List.of(), batch(0, 7));
          }
        });

    assertThatThrownBy(() -> paused.append(List.of(), batch(0, 5)))
        .isInstanceOf(ConcurrentWriteException.class);
    assertThat(open(engine).committed().next("events", 0)).isEqualTo(7);
    assertThat(open(engine).version()).isEqualTo(1);
  }

  @Test
  void sparks_delta_commits_through_it() {
    AtomicInteger prepared = new AtomicInteger();
    TestIntruder.at(Step.COMMIT_PREPARED, records -> prepared.incrementAndGet());
    String table = folder.resolve("table").toUri().toString();

    for (int commits = 0; commits < 2; commits++) {
      TestSpark.session().range(3).write().format("delta").mode("append").save(table);
    }

    assertThat(prepared).hasValueGreaterThanOrEqualTo(2);
    assertThat(TestSpark.session().read().format("delta").load(table).count()).isEqualTo(6);
  }

  private StreamTable<DeadLetter> open(Engine engine) {
    return StreamTable.open(
        engine, new Configuration(), folder.toString(), TableLayouts.deadLetters(), "lake");
  }

  private static StreamCommit batch(long from, long until) {
    return StreamCommit.ofBatch(
        "lake",
        1,
        List.of(new OffsetRange("events", 0, from, until)),
        until - from,
        until - from,
        0,
        Map.of(),
        0);
  }

  /** Lines of a writer whose successor commits with another store while the second is asked for. */
  private Iterator<String> overtakenBy(LogStore successor) {
    return IntStream.range(0, 2)
        .mapToObj(
            line -> {
              if (line == 1) {
                write(successor, commit, List.of("of the successor"));
              }
              return line == 0 ? "of the paused one" : "and its second line";
            })
        .iterator();
  }

  private boolean wins(Path file, List<String> lines) throws IOException {
    try {
      store.write(path(file), lines.iterator(), false, hadoop);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private void write(LogStore with, Path file, List<String> lines) {
    try {
      with.write(path(file), lines.iterator(), false, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static org.apache.hadoop.fs.Path path(Path file) {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
