package io.tributary.lake.table;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.ConcurrentWriteException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.tributary.lake.seam.Guard;
import io.tributary.lake.seam.Seam;
import io.tributary.layout.LakeLayout;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A table with the position of a stream in it. Every commit moves the position, in a domain of the
 * table's metadata, together with the rows; and names the writer. Delta refuses the second of two
 * commits that move one position from the same place, so that a writer which was paused, and wakes
 * up beside its successor, cannot write.
 *
 * <p>Every commit to {@code events} also turns a turnstile, a domain that all its writers set: of a
 * stream and an import that append at the same time the second is refused too, and has to look
 * again which of its events are new.
 *
 * <p>Not thread-safe: one query, one instance.
 *
 * @param <T> what a row is made of
 */
public final class StreamTable<T> {
  static final String DOMAIN_PREFIX = "tributary.";

  /** What every append to {@code events} sets, whoever appends. */
  public static final String TURNSTILE = DOMAIN_PREFIX + "append";

  private final LakeTable<T> table;
  private final FollowedTable<T> followed;
  private final String query;
  private StreamPosition position = StreamPosition.NONE;
  private Map<String, List<SetAside>> aside = Map.of();
  private @Nullable Writer writer;

  private StreamTable(FollowedTable<T> followed, String query) {
    this.table = followed.table();
    this.followed = followed;
    this.query = query;
    readPosition();
  }

  /**
   * Opens a table, making it first when it is not there.
   *
   * @param query whose position the commits carry: {@code lake} or {@code index}
   * @throws LakeTableException when a table is there that is not ours
   */
  public static <T> StreamTable<T> open(
      Engine engine, Configuration hadoop, String lakeRoot, TableLayout<T> layout, String query) {
    return new StreamTable<>(FollowedTable.open(engine, hadoop, lakeRoot, layout), query);
  }

  /**
   * What the lake query said of itself in its newest commit to {@code events}; empty when there is
   * none. Makes nothing.
   */
  public static Optional<StreamCommit> newestOfLake(Engine engine, String lakeRoot) {
    return newestCommit(engine, lakeRoot, LakeLayout.EVENTS, StreamCommit.LAKE_QUERY);
  }

  /** The same of any query and table. */
  static Optional<StreamCommit> newestCommit(
      Engine engine, String lakeRoot, String table, String query) {
    try {
      Snapshot snapshot =
          TableManager.loadSnapshot(LakeLayout.table(lakeRoot, table)).build(engine);
      return snapshot.getDomainMetadata(DOMAIN_PREFIX + query).map(StreamCommit::fromJson);
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The table itself. */
  public LakeTable<T> table() {
    return table;
  }

  /** The version that the next append builds on. */
  public long version() {
    return table.version();
  }

  /** Up to where this table's query has committed. */
  public CommittedOffsets committed() {
    return position.committed();
  }

  /** The ids of the topics that the position is of; empty before a job has said them. */
  public Map<String, String> topicIds() {
    return position.topicIds();
  }

  /** The files that {@link StreamCommit#aside} of the newest commit names for a table. */
  public List<SetAside> aside(String tableName) {
    return aside.getOrDefault(tableName, List.of());
  }

  /**
   * What the newest batch said of itself in its commit to this table; empty when the log does not
   * tell. Reads commit after commit, back to it.
   */
  public Optional<StreamCommit> newestBatch() {
    return followed.newestBatch(query);
  }

  /**
   * Makes this process the only one that may move the position, by a commit that adds no rows. A
   * job that wrote before is refused from here on. Of jobs that do so at the same time the one that
   * has {@code events} goes on; of the other tables none tells whose they are.
   *
   * @param gaps where the stream goes on elsewhere than it stopped
   * @param starts where it begins with partitions that it has not read before, as empty ranges
   * @param newest the ids of the topics as they are now
   * @return false when somebody else has moved the position meanwhile; then this is as that one has
   *     left it, and it may be tried again
   * @throws FencedException when another job has taken {@code events} over meanwhile, or since this
   *     process had it ({@link #claimAgain}): one that slept here must not take it back from its
   *     successor
   */
  public boolean takeOver(
      Writer successor, List<Gap> gaps, List<OffsetRange> starts, Map<String, String> newest) {
    // Of a topic that is not read any more the id is kept: some day it may be read again.
    Map<String, String> ids = new TreeMap<>(position.topicIds());
    ids.putAll(newest);
    CommittedOffsets begin = position.committed().plus(starts);
    for (Gap gap : gaps) {
      begin = gap.passedBy(begin);
    }
    StreamCommit commit =
        StreamCommit.takingOver(query, begin, gaps.stream().map(Gap::lost).toList(), ids, aside);
    try {
      table.append(List.of(), domains(commit.by(successor, ids)));
    } catch (ConcurrentWriteException e) {
      Optional<Writer> before = holder();
      table.reload();
      readPosition();
      refuseIfTakenOver();
      if (decides()) {
        refuseIfOvertaken(before, successor);
      }
      return false;
    }
    position = new StreamPosition(begin, ids);
    writer = successor;
    followed.passOver();
    return true;
  }

  /**
   * Says who we are to a table that this process has taken over before.
   *
   * @throws FencedException when another job has taken it over since
   */
  public void claimAgain(Writer ours) {
    writer = ours;
    refuseIfTakenOver();
  }

  /** Whether this instance has taken the position over, and has not been refused since. */
  public boolean isTakenOver() {
    return writer != null;
  }

  /**
   * Looks whether the position is still ours, and at nothing else.
   *
   * @throws FencedException when another job has taken it over
   */
  public void requireOurs() {
    // Not through reload(): what the others did to the rows is still to be asked by catchUp().
    newest().ifPresent(this::refuseIfNotOurs);
  }

  /**
   * Looks whether somebody else has committed since {@link #version}; if so, later appends build on
   * what they left.
   *
   * @return what they did to the rows
   * @throws FencedException when another job has taken the position over
   */
  public TableChanges catchUp() {
    if (table.catchUp()) {
      readPosition();
      refuseIfTakenOver();
    }
    return followed.changes();
  }

  /**
   * Takes back what the newest batch added here. For letters and duplicates of a batch that was cut
   * off before its rows: it is judged anew, and what was said of its records may be another thing.
   *
   * @throws FencedException when another job has taken the position over
   */
  public void takeBack(Clock clock) {
    List<SetAside> files = aside(table.name());
    while (!files.isEmpty()) {
      StreamCommit commit =
          StreamCommit.takingOver(
              query, position.committed(), List.of(), position.topicIds(), Map.of());
      try {
        table.remove(files, domains(by(commit)), clock);
        aside = Map.of();
        followed.passOver();
      } catch (ConcurrentWriteException e) {
        // Somebody else has added letters of other events, or has taken the position over.
        table.reload();
        readPosition();
        refuseIfTakenOver();
      }
      files = aside(table.name());
    }
  }

  /**
   * Makes files part of the table, together with the stream's new position.
   *
   * @return the version in which they are
   * @throws FencedException when another job has taken the position over
   * @throws ConcurrentWriteException when somebody else appended in the meantime: {@link #catchUp}
   *     tells what, and the batch is to be judged again
   */
  public long append(List<WrittenFile> files, StreamCommit commit) {
    if (!Seam.isOn(Guard.FENCING)) {
      table.reload();
    }
    CommittedOffsets reached = position.committed().plus(commit.offsets());
    StreamCommit complete = commit.standingAt(reached);
    try {
      long version = followed.append(files, domains(by(complete)));
      position = new StreamPosition(reached, position.topicIds());
      aside = complete.aside();
      return version;
    } catch (ConcurrentWriteException e) {
      requireOurs();
      throw e;
    }
  }

  private Optional<StreamCommit> newest() {
    return table.newestDomain(DOMAIN_PREFIX + query).map(StreamCommit::fromJson);
  }

  /** The same as of the version that we know. */
  private Optional<StreamCommit> known() {
    return table.domain(DOMAIN_PREFIX + query).map(StreamCommit::fromJson);
  }

  /** Whether the events are here: whose this table is, theirs are the others. */
  private boolean decides() {
    return table.name().equals(LakeLayout.EVENTS);
  }

  /** A commit of a table that no job has taken over names none. */
  private StreamCommit by(StreamCommit commit) {
    Writer author = writer;
    return author == null ? commit : commit.by(author, position.topicIds());
  }

  private Map<String, String> domains(StreamCommit commit) {
    Map<String, String> domains = new LinkedHashMap<>();
    domains.put(DOMAIN_PREFIX + query, commit.json());
    if (decides()) {
      domains.put(TURNSTILE, turned(query, table.version()));
    }
    return domains;
  }

  /** What an append sets the turnstile to: who went through, and after which version. */
  public static String turned(String by, long afterVersion) {
    return "{\"by\":\"%s\",\"after\":%d}".formatted(by, afterVersion);
  }

  private void readPosition() {
    Optional<StreamCommit> newest = known();
    position = StreamPosition.after(newest);
    aside = newest.map(StreamCommit::aside).orElse(Map.of());
  }

  /** Who has taken the position over last; empty when nobody has. */
  private Optional<Writer> holder() {
    return known().flatMap(commit -> Optional.ofNullable(commit.writer()));
  }

  /** Our own commit may have come through although its answer did not. */
  private void refuseIfOvertaken(Optional<Writer> before, Writer ours) {
    Optional<Writer> now = holder().filter(holder -> !holder.id().equals(ours.id()));
    if (now.isPresent()
        && !now.map(Writer::id).equals(before.map(Writer::id))
        && Seam.isOn(Guard.FENCING)) {
      // From now on all of ours is refused, too.
      writer = ours;
      throw new FencedException(table.path(), table.version(), now.get());
    }
  }

  private void refuseIfTakenOver() {
    known().ifPresent(this::refuseIfNotOurs);
  }

  private void refuseIfNotOurs(StreamCommit newest) {
    Writer ours = writer;
    Writer theirs = newest.writer();
    if (ours != null && theirs != null && !ours.id().equals(theirs.id())) {
      if (Seam.isOn(Guard.FENCING)) {
        throw new FencedException(table.path(), table.version(), theirs);
      }
    }
  }
}
