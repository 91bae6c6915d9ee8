package io.tributary.lake.sink;

import io.delta.kernel.engine.Engine;
import io.tributary.event.TypedField;
import io.tributary.lake.seam.Seam;
import io.tributary.lake.seam.Step;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.DeadLetter;
import io.tributary.lake.table.Duplicate;
import io.tributary.lake.table.EventRow;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LogCheckpoints;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.SetAside;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import io.tributary.lake.table.TableChanges;
import io.tributary.lake.table.TableLayout;
import io.tributary.lake.table.TableLayouts;
import io.tributary.lake.table.Writer;
import io.tributary.lake.table.WrittenFile;
import io.tributary.layout.LakeLayout;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three tables that the stream writes to, and the order in which it commits to them: what is
 * set aside first, the rows with the position last.
 *
 * @param events the rows; its position is the stream's
 */
record StreamedTables(
    StreamTable<EventRow> events,
    StreamTable<DeadLetter> letters,
    StreamTable<Duplicate> duplicates) {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedTables.class);

  /** Opens the tables, making those that are not there. */
  static StreamedTables open(
      Engine engine, Configuration hadoop, String lakeRoot, List<TypedField> fields) {
    return new StreamedTables(
        open(engine, hadoop, lakeRoot, TableLayouts.events(fields)),
        open(engine, hadoop, lakeRoot, TableLayouts.deadLetters()),
        open(engine, hadoop, lakeRoot, TableLayouts.duplicates()));
  }

  private static <T> StreamTable<T> open(
      Engine engine, Configuration hadoop, String lakeRoot, TableLayout<T> layout) {
    return StreamTable.open(engine, hadoop, lakeRoot, layout, StreamCommit.LAKE_QUERY);
  }

  private List<StreamTable<?>> setAside() {
    return List.of(letters, duplicates);
  }

  /**
   * Makes a job the only one that may write here. Of two that do it at the same time the one goes
   * on that gets the rows, and it alone: the other is refused there, or finds at the next table
   * that they are not its own any more.
   *
   * @throws io.tributary.lake.table.FencedException when it is the other
   * @throws IllegalStateException when the position that the gaps were found at has moved meanwhile
   */
  void takeOver(
      Writer writer, List<Gap> gaps, List<OffsetRange> starts, Map<String, String> topicIds) {
    CommittedOffsets stood = events.committed();
    while (!events.takeOver(writer, gaps, starts, topicIds)) {
      // An import only turns the turnstile.
      if (!gaps.isEmpty() && !events.committed().equals(stood)) {
        throw new IllegalStateException(
            "Cannot take %s over yet: the job before has moved its position while gaps in Kafka were looked for. They are looked for again."
                .formatted(events.table().path()));
      }
    }
    for (StreamTable<?> table : setAside()) {
      while (!table.takeOver(writer, gaps, starts, topicIds)) {
        events.requireOurs();
      }
    }
    EarlierBuild.leftAside(this).ifPresent(left -> LOG.warn("{}", left));
  }

  /** Whether the rows have been taken over, also when it came to nothing with the rest. */
  boolean isTakenOver() {
    return events.isTakenOver();
  }

  /** Says who we are to a lake that this process has taken over before. */
  void claimAgain(Writer ours) {
    events.claimAgain(ours);
  }

  /**
   * Builds on what others have committed meanwhile. Not right before the commits: a writer that
   * slept meanwhile must be refused by Delta.
   *
   * @return what they did to the rows
   */
  TableChanges catchUp() {
    TableChanges changes = events.catchUp();
    setAside().forEach(StreamTable::catchUp);
    return changes;
  }

  /**
   * Takes back what a batch has set aside that was cut off before its rows. The whole of it is
   * judged anew: beside other records, or without one that Kafka has lost meanwhile, a duplicate
   * may be the row.
   */
  void takeBackWhatWasCutOff(Clock clock) {
    for (StreamTable<?> table : setAside()) {
      String name = table.table().name();
      // Builds before the mark had all names stand in the rows' commits: of them the first, too.
      if (!mark(table.aside(name)).equals(mark(events.aside(name)))) {
        table.takeBack(clock);
      }
    }
  }

  /**
   * Commits a batch.
   *
   * @param read how many records are in flight
   * @return the version of {@code events} with its rows
   */
  long commit(List<WrittenFile> files, StreamCommit commit, long read) {
    if (commitIfAny(letters, files, commit)) {
      Seam.passed(Step.LETTERS_COMMITTED, read);
    }
    if (commitIfAny(duplicates, files, commit)) {
      Seam.passed(Step.DUPLICATES_COMMITTED, read);
    }
    Map<String, List<SetAside>> aside = new TreeMap<>();
    for (StreamTable<?> table : setAside()) {
      aside.put(table.table().name(), mark(table.aside(table.table().name())));
    }
    return events.append(FileJob.of(files, LakeLayout.EVENTS), commit.withAside(aside));
  }

  /**
   * What tells a commit's files from those of all others: one of them will do. A batch may have
   * thousands, and this stands in every commit of the rows until there are others.
   */
  private static List<SetAside> mark(List<SetAside> files) {
    return files.isEmpty() ? files : files.subList(0, 1);
  }

  private static boolean commitIfAny(
      StreamTable<?> table, List<WrittenFile> files, StreamCommit commit) {
    String name = table.table().name();
    List<WrittenFile> own = FileJob.of(files, name);
    if (own.isEmpty()) {
      return false;
    }
    table.append(own, commit.withAside(Map.of(name, own.stream().map(SetAside::of).toList())));
    return true;
  }

  /** Has log checkpoints made that are due. */
  void consider(LogCheckpoints checkpoints) {
    checkpoints.consider(events.table());
    setAside().forEach(table -> checkpoints.consider(table.table()));
  }
}
