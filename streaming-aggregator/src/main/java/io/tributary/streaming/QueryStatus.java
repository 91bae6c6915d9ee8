package io.tributary.streaming;

import io.tributary.lake.index.Owed;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LostRange;
import io.tributary.lake.table.OffsetRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a query stands: written by the query, batch by batch, and read by status, metrics and log.
 *
 * <p>It also works out through which Kafka time the query's target is complete. Time stamps of
 * records do not tell (producers set them); so the ends of the topics are noted with the time they
 * were asked at, and once the query has passed those ends, everything Kafka had then is visible.
 */
final class QueryStatus {
  /** What the query is doing. */
  enum State {
    STARTING,
    RUNNING,
    RETRYING,
    STOPPED
  }

  /** So many gaps are shown, the newest; all are in the ledger. */
  static final int GAPS_SHOWN = 100;

  private static final int NOTES_KEPT = 600;

  private final String query;
  private final Duration visibleAfter;
  private final Deque<Note> notes = new ArrayDeque<>();
  private final Map<String, Long> deadLetters = new TreeMap<>();
  private CommittedOffsets done = CommittedOffsets.none();
  private KafkaTopics.@Nullable Ends ends;
  private State state = State.STARTING;
  private @Nullable String problem;

  /** Between a start of the query and its next failure or end. */
  private boolean started;

  private @Nullable BatchReport lastBatch;
  private @Nullable Instant completeThrough;
  private long recordsTotal;
  private boolean progressedSinceAsked;
  private Map<String, String> topicIds = Map.of();
  private Map<String, Map<Integer, Long>> lastEnds = Map.of();
  private final List<KnownGap> gaps = new ArrayList<>();
  private List<Debt> owed = List.of();

  /**
   * @param visibleAfter how long after a batch is written readers may still not see it
   */
  QueryStatus(String query, Duration visibleAfter) {
    this.query = query;
    this.visibleAfter = visibleAfter;
  }

  String query() {
    return query;
  }

  /**
   * The query runs from a position on. What made it fail before is over only when a batch gets
   * through, or when there is none to do.
   *
   * @param ids the ids of the topics that the position is of
   */
  synchronized void running(CommittedOffsets position, Map<String, String> ids) {
    started = true;
    state = problem == null ? State.RUNNING : State.RETRYING;
    if (!topicIds.equals(ids)) {
      // What was noted of another topic of the same name says nothing of this one.
      notes.clear();
    }
    topicIds = Map.copyOf(ids);
    if (isBehind(position)) {
      // The target has lost some of what it had; what was said of it is not true any more.
      notes.clear();
      completeThrough = null;
    }
    done = position;
  }

  private boolean isBehind(CommittedOffsets position) {
    return done.asRanges().stream()
        .anyMatch(range -> position.next(range.topic(), range.partition()) < range.until());
  }

  /** Whether it runs, as far as is known: from its start to its next failure or end. */
  synchronized boolean isStarted() {
    return started;
  }

  /** The ends of the topics as last seen while they were the ones that are read. */
  synchronized Map<String, Map<Integer, Long>> lastEnds() {
    return lastEnds;
  }

  /** Gaps that were found, to be shown until the job ends. */
  synchronized void gaps(List<Gap> found, Instant at) {
    found.forEach(gap -> gaps.add(KnownGap.of(gap.lost(), at)));
  }

  /** A gap that is on record; it may have been found by an earlier job. */
  synchronized void gapOnRecord(KnownGap gap) {
    if (gaps.stream().noneMatch(gap::isSame)) {
      gaps.add(gap);
    }
  }

  /** What the target is still owed; empty when nothing. */
  synchronized void owed(List<Debt> debts) {
    owed = List.copyOf(debts);
  }

  /** Whether a batch was finished since this was last asked. */
  synchronized boolean hasProgressed() {
    boolean progressed = progressedSinceAsked;
    progressedSinceAsked = false;
    return progressed;
  }

  synchronized void retrying(String why) {
    started = false;
    state = State.RETRYING;
    problem = why;
  }

  /**
   * The query stands for good.
   *
   * @param why it gave up; null when it was told to stop
   */
  synchronized void stopped(@Nullable String why) {
    started = false;
    state = State.STOPPED;
    problem = why == null ? problem : why;
  }

  /** A batch is in the target. */
  synchronized void batch(BatchReport report, List<OffsetRange> ranges, Instant now) {
    done = done.plus(ranges);
    lastBatch = report;
    progressedSinceAsked = true;
    recordsTotal += report.read();
    report.deadLetters().forEach((reason, count) -> deadLetters.merge(reason, count, Long::sum));
    pass(now);
    state = State.RUNNING;
    problem = null;
  }

  private void pass(Instant now) {
    for (Note note : notes) {
      if (note.passedAt == null && note.isPassed(done)) {
        note.passedAt = now;
      }
    }
  }

  /**
   * The ends of the topics.
   *
   * @param askedAt a time before they were asked for
   * @return whether they are ends of the topics that are read; otherwise these were made again, and
   *     the query has to start anew
   */
  synchronized boolean ends(KafkaTopics.Ends newest, Instant askedAt) {
    if (!newest.isOf(topicIds)) {
      return false;
    }
    ends = newest;
    if (!topicIds.isEmpty()) {
      lastEnds = newest.offsets();
    }
    if (started && lag(newest) == 0) {
      state = State.RUNNING;
      problem = null;
    }
    notes.addLast(new Note(newest, askedAt));
    // All of them: the position may have come from the target after ends were first noted.
    pass(askedAt);
    if (notes.size() > NOTES_KEPT) {
      // Far behind: keep every other note, which makes the answer coarser, never wrong.
      int[] index = {0};
      notes.removeIf(old -> index[0]++ % 2 == 1);
    }
    while (!notes.isEmpty() && notes.getFirst().isVisible(askedAt, visibleAfter)) {
      completeThrough = notes.removeFirst().askedAt;
    }
    return true;
  }

  private long lag(KafkaTopics.Ends of) {
    return of.after(done.byTopic()).stream().mapToLong(OffsetRange::size).sum();
  }

  synchronized View view(Instant now) {
    long lag = ends == null ? 0 : lag(ends);
    Instant through = completeThrough;
    double lagSeconds =
        through == null
            ? Double.NaN
            : Math.max(0, Duration.between(through, now).toMillis() / 1000.0);
    return new View(
        query,
        state,
        problem,
        done,
        ends == null ? Map.of() : ends.offsets(),
        ends == null ? -1 : lag,
        lag == 0 && ends != null ? 0 : lagSeconds,
        through,
        lastBatch,
        recordsTotal,
        Map.copyOf(deadLetters),
        List.copyOf(gaps),
        owed);
  }

  /**
   * A moment's picture.
   *
   * @param lagRecords records between the position and the ends; -1 before the ends are known
   * @param lagSeconds how old the oldest of them may be; NaN when unknown
   * @param deadLetters by reason, since this start
   * @param gaps what Kafka had lost before it was read
   * @param owed what the target still lacks and is being given
   */
  record View(
      String query,
      State state,
      @Nullable String problem,
      CommittedOffsets done,
      Map<String, Map<Integer, Long>> ends,
      long lagRecords,
      double lagSeconds,
      @Nullable Instant completeThrough,
      @Nullable BatchReport lastBatch,
      long recordsTotal,
      Map<String, Long> deadLetters,
      List<KnownGap> gaps,
      List<Debt> owed) {}

  /**
   * Something the target is owed.
   *
   * @param problem why it does not get it; null while it does, or waits
   */
  record Debt(Owed owed, @Nullable String problem) {
    static List<Debt> waiting(List<Owed> owed) {
      return owed.stream().map(debt -> new Debt(debt, null)).toList();
    }
  }

  /**
   * A gap and when it was found.
   *
   * @param until exclusive
   * @param detail a sentence for people
   */
  record KnownGap(
      String topic, int partition, long from, long until, String detail, Instant foundAt) {
    /** Whether it is the same, whenever it was found. */
    boolean isSame(KnownGap other) {
      return topic.equals(other.topic)
          && partition == other.partition
          && from == other.from
          && until == other.until
          && detail.equals(other.detail);
    }

    static KnownGap of(LostRange lost, Instant foundAt) {
      return new KnownGap(
          lost.topic(), lost.partition(), lost.from(), lost.until(), lost.detail(), foundAt);
    }
  }

  private static final class Note {
    private final KafkaTopics.Ends ends;
    private final Instant askedAt;
    private @Nullable Instant passedAt;

    private Note(KafkaTopics.Ends ends, Instant askedAt) {
      this.ends = ends;
      this.askedAt = askedAt;
    }

    private boolean isPassed(CommittedOffsets done) {
      return ends.after(done.byTopic()).stream().allMatch(range -> range.size() == 0);
    }

    private boolean isVisible(Instant now, Duration visibleAfter) {
      return passedAt != null && !passedAt.plus(visibleAfter).isAfter(now);
    }
  }
}
