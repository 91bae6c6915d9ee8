package io.tributary.drill;

import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.tributary.drill.WriterPhase.Phase;
import io.tributary.event.Provenance;
import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Intruder;
import io.tributary.lake.seam.Step;
import io.tributary.lake.table.DataFiles;
import io.tributary.lake.table.Duplicate;
import io.tributary.lake.table.FencedException;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import io.tributary.lake.table.TableLayouts;
import io.tributary.lake.table.Writer;
import io.tributary.lake.table.WrittenFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A writer of the stream's commits as a program, without Spark: for each line {@code ROOT BATCHES
 * RECORDS STOP_AT} on its standard input it opens the table and commits batches from the table's
 * position on. Answers {@code opened}, {@code committed VERSION}, {@code refused} or {@code failed}
 * with a reason, and {@code done}.
 */
public final class CommitWriter {
  static final String TOPIC = "fencing";
  static final int PARTITIONS = 2;

  private static final String PHASE_FILE = "tributary.drill.phase";
  private static final String STORE = "tributary.drill.store";
  private static final String OFF = "tributary.drill.off";

  private final WriterPhase phase;
  private final Configuration hadoop;
  private final Engine engine;

  private CommitWriter(WriterPhase phase, Configuration hadoop) {
    this.phase = phase;
    this.hadoop = hadoop;
    this.engine = LakeEngine.create(hadoop);
  }

  /** The program. */
  public static void main(String[] arguments) throws IOException {
    Configuration hadoop = new Configuration();
    String store = System.getProperty(STORE);
    if (store != null) {
      hadoop.set("io.delta.kernel.logStore.file.impl", store);
    }
    CommitWriter writer = new CommitWriter(Steps.phase(), hadoop);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    say("ready");
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String[] parts = order.split(" ");
      Steps.stopAt(Integer.parseInt(parts[3]));
      writer.write(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
      say("done");
    }
  }

  /** The options of the JVM that runs this program. */
  static List<String> options(Path phaseFile, @Nullable String store, @Nullable Guard off) {
    List<String> options = new ArrayList<>();
    options.add("-D" + PHASE_FILE + "=" + phaseFile);
    if (store != null) {
      options.add("-D" + STORE + "=" + store);
    }
    if (off != null) {
      options.add("-D" + OFF + "=" + off);
    }
    return options;
  }

  private void write(String root, int batches, int records) {
    phase.set(Phase.IDLE, 0);
    try {
      StreamTable<Duplicate> table =
          StreamTable.open(engine, hadoop, root, TableLayouts.duplicates(), "lake");
      Writer writer = Writer.ofThisProcess(Clock.systemUTC());
      boolean ours = false;
      while (!ours) {
        ours = table.takeOver(writer, List.of(), List.of(), Map.of());
      }
      say("opened");
      for (int batch = 0; batch < batches; batch++) {
        long version = batch(table, root, batch, records);
        phase.set(Phase.IDLE, batch + 1);
        say("committed " + version);
      }
    } catch (FencedException | ConcurrentWriteException e) {
      phase.set(Phase.IDLE);
      say("refused " + oneLine(e));
    } catch (RuntimeException e) {
      phase.set(Phase.IDLE);
      say("failed " + oneLine(e));
    }
  }

  private long batch(StreamTable<Duplicate> table, String root, int batch, int records) {
    List<OffsetRange> ranges = new ArrayList<>();
    DataFiles<Duplicate> rows = new DataFiles<>(TableLayouts.duplicates());
    // As the job does it: what others have committed is seen before a batch, never inside one.
    table.catchUp();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      long from = table.committed().next(TOPIC, partition);
      ranges.add(new OffsetRange(TOPIC, partition, from, from + records));
      for (long offset = from; offset < from + records; offset++) {
        rows.add(
            new Duplicate(
                "p%d-%d".formatted(partition, offset),
                new Provenance.Kafka(TOPIC, partition, offset, 1_700_000_000_000L + offset)));
      }
    }
    phase.set(Phase.FILES);
    List<WrittenFile> files = rows.write(engine, root);
    phase.set(Phase.COMMIT);
    return table.append(
        files,
        StreamCommit.ofBatch(
            "lake",
            batch,
            ranges,
            (long) records * PARTITIONS,
            0,
            (long) records * PARTITIONS,
            Map.of(),
            0));
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static String oneLine(Throwable failure) {
    return String.format(
        Locale.ROOT,
        "%s: %s",
        failure.getClass().getSimpleName(),
        String.valueOf(failure.getMessage()).replace('\n', ' '));
  }

  /** Notes down that a commit is about to become visible, and stops the process there if told. */
  public static final class Steps implements Intruder {
    private static int commitsUntilStop;
    private static final @Nullable String OFF_NAME = System.getProperty(OFF);

    /** Called by the service loader. */
    public Steps() {}

    static WriterPhase phase() throws IOException {
      return new WriterPhase(Path.of(System.getProperty(PHASE_FILE)));
    }

    /** At which commit to stop; 0 never. */
    static void stopAt(int commit) {
      commitsUntilStop = commit;
    }

    @Override
    public void passed(Step step, long records) {
      if (step != Step.COMMIT_PREPARED) {
        return;
      }
      try {
        WriterPhase own = phase();
        if (own.picture().phase() != Phase.COMMIT) {
          // The table is being made.
          return;
        }
        own.set(Phase.PREPARED);
        if (--commitsUntilStop == 0) {
          Signals.send("STOP", ProcessHandle.current().pid());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean isOff(Guard guard) {
      return guard.name().equals(OFF_NAME);
    }
  }
}
