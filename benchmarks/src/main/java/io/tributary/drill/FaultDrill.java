package io.tributary.drill;

import io.tributary.lake.seam.Guard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Plays rounds of faults and compares everything after each few. */
final class FaultDrill implements AutoCloseable {
  private static final int ROUNDS_WORTH_AN_ARCHIVE = 8;

  private final List<Fault> faults;
  private final int rounds;
  private final int compareEvery;
  private final long seed;
  private final @Nullable Guard off;
  private final Consumer<String> progress;
  private @Nullable Arena arena;
  private boolean closed;

  /**
   * @param compareEvery rounds between two comparisons of everything
   * @param off a guard that the job has to do without, or null; the first difference then ends the
   *     drill
   */
  FaultDrill(
      List<Fault> faults,
      int rounds,
      int compareEvery,
      long seed,
      @Nullable Guard off,
      Consumer<String> progress) {
    this.faults = List.copyOf(faults);
    this.rounds = rounds;
    this.compareEvery = compareEvery;
    this.seed = seed;
    this.off = off;
    this.progress = progress;
  }

  DrillReport run(Path home) throws IOException, InterruptedException, DrillFailedException {
    DrillReport report = new DrillReport(seed);
    try (Arena arena = open(home)) {
      if (rounds >= ROUNDS_WORTH_AN_ARCHIVE) {
        progress.accept(arena.archiveClasses());
      }
      List<Fault> order = new ArrayList<>();
      for (int number = 1; number <= rounds; number++) {
        if (order.isEmpty()) {
          order.addAll(faults);
          Collections.shuffle(order, new Random(seed + number));
        }
        Fault fault = order.remove(0);
        int group = (number - 1) / compareEvery + 1;
        long begin = System.nanoTime();
        Strike strike = fault.strike(arena, new SplittableRandom(seed * 1_000_003 + number));
        long struck = System.nanoTime();
        List<String> found = arena.faultsAtPosition();
        long looked = System.nanoTime();
        Round round =
            new Round(
                number,
                fault.name(),
                strike,
                found,
                group,
                (struck - begin) / 1_000_000,
                (looked - struck) / 1_000_000);
        report.add(round);
        progress.accept(round.text());
        if (number % compareEvery == 0 || number == rounds) {
          compare(report, arena, group);
        }
        if (report.isDifferent()) {
          // What is wrong stays wrong: further rounds would only repeat it.
          break;
        }
      }
    }
    return report;
  }

  /** Not beside {@link #close}: what is being started could not be ended. */
  private synchronized Arena open(Path home)
      throws IOException, InterruptedException, DrillFailedException {
    if (closed) {
      throw new DrillFailedException("The drill is being ended.");
    }
    Arena opened = Arena.open(home, seed, off);
    arena = opened;
    return opened;
  }

  /** Ends everything that runs, from any thread. */
  @Override
  public synchronized void close() throws InterruptedException {
    closed = true;
    Arena opened = arena;
    if (opened != null) {
      opened.close();
    }
  }

  private void compare(DrillReport report, Arena arena, int group)
      throws IOException, InterruptedException, DrillFailedException {
    long begin = System.nanoTime();
    List<String> found = arena.faults();
    long millis = (System.nanoTime() - begin) / 1_000_000;
    report.compared(group, found, arena.sent());
    progress.accept(
        "      compared %d records everywhere in %.1f s: %s"
            .formatted(
                arena.sent(),
                millis / 1000.0,
                found.isEmpty() ? "exact" : String.join("; ", found)));
  }
}
