package io.tributary.drill;

import io.tributary.drill.FencingRound.Phase;
import io.tributary.lake.seam.Guard;
import io.tributary.layout.LakeLayout;
import io.tributary.reader.Lake;
import io.tributary.reader.TableSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Real processes that write one position of one table: one is stopped by SIGSTOP in the midst of
 * its work, its successor opens the table and goes on, the first is continued. It must then be
 * refused, or have committed wholly before the successor opened the table; no commit is ever
 * written over, and every offset is in exactly one.
 */
final class FencingDrill implements AutoCloseable {
  private static final int BATCHES = 12;
  private static final int SUCCESSORS_BATCHES = 2;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final Path home;
  private final long seed;
  private final boolean ownStore;
  private final CommitWriterProcess first;
  private final CommitWriterProcess second;

  private FencingDrill(
      Path home,
      long seed,
      boolean ownStore,
      CommitWriterProcess first,
      CommitWriterProcess second) {
    this.home = home;
    this.seed = seed;
    this.ownStore = ownStore;
    this.first = first;
    this.second = second;
  }

  /**
   * Starts the two writers.
   *
   * @param store class of the log store to use, null for ours
   * @param off a guard to switch off, or null
   */
  static FencingDrill start(Path home, long seed, @Nullable String store, @Nullable Guard off)
      throws IOException, InterruptedException, DrillFailedException {
    return new FencingDrill(
        home,
        seed,
        store == null,
        CommitWriterProcess.start("first", home, store, off),
        CommitWriterProcess.start("second", home, store, off));
  }

  /** Plays a round on a fresh table; the same number and seed make the same choices. */
  FencingRound round(int number) throws IOException, InterruptedException, DrillFailedException {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    CommitWriterProcess writer = number % 2 == 0 ? first : second;
    CommitWriterProcess successor = number % 2 == 0 ? second : first;
    Path root = home.resolve("round-" + number);
    Path table = root.resolve(LakeLayout.DUPLICATES);
    TableLog log = new TableLog(table);
    int records = 1 + random.nextInt(40);
    When when = when(random);
    int batch = 1 + random.nextInt(4);

    writer.order(root, BATCHES, records, when == When.BEFORE_VISIBLE ? batch : 0);
    switch (when) {
      case BEFORE_VISIBLE -> Signals.awaitStopped(writer.pid());
      case ANY_TIME -> {
        awaitBatch(writer, batch, WriterPhase.Phase.FILES);
        LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(12)));
        Signals.stop(writer.pid());
      }
      case AROUND_COMMIT -> {
        awaitBatch(writer, batch, WriterPhase.Phase.COMMIT);
        LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(4)));
        Signals.stop(writer.pid());
      }
    }
    WriterPhase.Picture stopped = writer.phase();
    long newestAtStop = log.newest();
    Phase phase = phase(stopped, newestAtStop);
    int inFlight =
        stopped.phase() == WriterPhase.Phase.IDLE ? 0 : records * CommitWriter.PARTITIONS;

    successor.order(root, SUCCESSORS_BATCHES, records, 0);
    List<String> successors = successor.answersUntilDone();
    Map<Long, String> before = log.contents();
    Signals.send("CONT", writer.pid());
    List<String> writers = writer.answersUntilDone();

    List<String> faults = new ArrayList<>();
    if (successors.stream().filter(line -> line.startsWith("committed")).count()
        != SUCCESSORS_BATCHES) {
      faults.add("the successor could not commit: " + successors);
    }
    String reaction = writers.isEmpty() ? "" : writers.get(writers.size() - 1);
    if (phase != Phase.NOTHING && !reaction.startsWith("refused")) {
      faults.add("the stopped writer was not refused: " + reaction);
    }
    faults.addAll(rewritten(before, log.contents()));
    List<TableLog.Batch> batches =
        log.batches().stream().filter(commit -> !commit.ranges().isEmpty()).toList();
    faults.addAll(OffsetChain.faults(batches));
    faults.addAll(acknowledged(writers, successors, batches, records));
    faults.addAll(rows(root, OffsetChain.ends(batches)));
    return new FencingRound(number, phase, inFlight, shortened(reaction), faults);
  }

  /** When a round stops its writer. */
  private enum When {
    /** By itself, when its commit is written and about to become visible. */
    BEFORE_VISIBLE,
    ANY_TIME,
    AROUND_COMMIT
  }

  private When when(SplittableRandom random) {
    int dice = random.nextInt(3);
    // Other stores than ours do not tell where they are.
    return dice == 0 && ownStore
        ? When.BEFORE_VISIBLE
        : dice == 1 ? When.ANY_TIME : When.AROUND_COMMIT;
  }

  private static void awaitBatch(CommitWriterProcess writer, int batch, WriterPhase.Phase atLeast)
      throws InterruptedException, DrillFailedException {
    String answer = writer.answer();
    if (!answer.equals("opened")) {
      throw new DrillFailedException("A writer could not open its table: " + answer);
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (writer.phase().returned() < batch - 1 || writer.phase().phase().compareTo(atLeast) < 0) {
      if (System.nanoTime() > deadline) {
        throw new DrillFailedException("A writer did not come to batch " + batch);
      }
      Thread.onSpinWait();
    }
  }

  /** Version 0 makes the table, version 1 takes it over: n batches that have returned are n + 1. */
  private static Phase phase(WriterPhase.Picture stopped, long newest) {
    return switch (stopped.phase()) {
      case IDLE -> Phase.NOTHING;
      case FILES -> Phase.BEFORE_COMMIT;
      case COMMIT, PREPARED ->
          newest > stopped.returned() + 1 ? Phase.AFTER_COMMIT : Phase.INSIDE_COMMIT;
    };
  }

  private static List<String> rewritten(Map<Long, String> before, Map<Long, String> after) {
    List<String> faults = new ArrayList<>();
    before.forEach(
        (version, content) -> {
          if (!content.equals(after.get(version))) {
            faults.add("commit %d was written over".formatted(version));
          }
        });
    return faults;
  }

  /** What a writer was told to be committed has to be there. */
  private static List<String> acknowledged(
      List<String> writers, List<String> successors, List<TableLog.Batch> batches, int records) {
    List<String> faults = new ArrayList<>();
    long told =
        java.util.stream.Stream.of(writers, successors)
            .flatMap(List::stream)
            .filter(line -> line.startsWith("committed"))
            .count();
    // One more may be there: the writer was stopped, or refused, after it became visible.
    if (batches.size() < told) {
      faults.add(
          "%d batches of %d records were acknowledged, %d are in the log"
              .formatted(told, records * CommitWriter.PARTITIONS, batches.size()));
    }
    return faults;
  }

  /** Every offset up to the position is one row, read by a reader that has no part in writing. */
  private static List<String> rows(Path root, Map<String, Long> ends) {
    Map<String, Integer> rows = new HashMap<>();
    try (Lake lake = Lake.open(root.toString())) {
      TableSnapshot snapshot = lake.table(LakeLayout.DUPLICATES).snapshot();
      snapshot
          .query(snapshot.files())
          .each(
              "SELECT kafka_partition, kafka_offset, event_id FROM t",
              row -> {
                String id = "p%d-%d".formatted(row.getInt(1), row.getLong(2));
                rows.merge(
                    id.equals(row.getString(3)) ? id : "foreign " + row.getString(3),
                    1,
                    Integer::sum);
              });
    } catch (RuntimeException e) {
      return List.of("the table cannot be read: " + e.getMessage());
    }
    List<String> faults = new ArrayList<>();
    long missing = 0;
    for (Map.Entry<String, Long> end : ends.entrySet()) {
      String partition = end.getKey().substring(end.getKey().lastIndexOf('-') + 1);
      for (long offset = 0; offset < end.getValue(); offset++) {
        Integer found = rows.remove("p%s-%d".formatted(partition, offset));
        if (found == null) {
          missing++;
        } else if (found > 1) {
          faults.add("p%s-%d is there %d times".formatted(partition, offset, found));
        }
      }
    }
    if (missing > 0) {
      faults.add(missing + " committed rows are lost");
    }
    if (!rows.isEmpty()) {
      faults.add(rows.size() + " rows are there that no commit tells of");
    }
    return faults.size() > 4 ? faults.subList(0, 4) : faults;
  }

  private static String shortened(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
