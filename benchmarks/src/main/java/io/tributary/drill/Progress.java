package io.tributary.drill;

import io.tributary.event.Event;
import io.tributary.produce.Expectation;
import io.tributary.stack.ElasticsearchNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** How far lake and index have come with what was sent, and what is still on its way to them. */
final class Progress {
  private static final Duration FLYING_LIMIT = Duration.ofSeconds(150);

  private final Load load;
  private final ElasticsearchNode node;
  private final IndexProgress index;
  private final TableLog events;
  private final Position position = new Position();
  private Generations generations;

  /**
   * @param node that is asked for documents while it runs
   * @param events the log of the table that has the lake's position
   * @param first the topic that the load begins with
   */
  Progress(
      Load load, ElasticsearchNode node, IndexProgress index, TableLog events, Generations first) {
    this.load = load;
    this.node = node;
    this.index = index;
    this.events = events;
    this.generations = first;
  }

  /** The topics of the name so far. */
  Generations generations() {
    return generations;
  }

  /** From here on records go to another topic of the name. */
  void madeAgain(String topicId, long sinceMillis) {
    generations = generations.with(topicId, sinceMillis);
  }

  /** How many records the lake's position has passed. */
  long lakeRecords() throws IOException {
    return position().records();
  }

  /** Whether the lake holds something of the topic that was made last. */
  boolean hasReadOfNewestTopic() throws IOException {
    Position now = position();
    int newest = generations.newest();
    return now.generation() == newest && now.records(newest) > 0;
  }

  private Position position() throws IOException {
    for (TableLog.Batch batch : events.newBatches()) {
      position.advance(batch, generations);
    }
    return position;
  }

  /** Records sent up to a time that are not in the lake, or, if more, not in the index. */
  long inFlight(long millis) throws IOException, InterruptedException {
    return Math.max(unread(millis), node.isRunning() ? indexInFlight(millis) : 0);
  }

  /** Records sent up to a time that the lake's position has not passed. */
  long unread(long millis) throws IOException {
    Position now = position();
    return load.sent().stream()
        .filter(record -> record.millis() <= millis)
        .filter(record -> !now.isDone(record.place()) && !now.isLost(record.place()))
        .count();
  }

  /** Events sent up to a time that have no document; none when that cannot be asked. */
  long indexInFlight(long millis) throws IOException, InterruptedException {
    long documents = documents();
    return documents < 0 ? 0 : Math.max(0, events(millis) - documents);
  }

  /** Waits until something is in flight. */
  void awaitInFlight(boolean ofTheIndex) throws InterruptedException, DrillFailedException {
    Await.until(
        "records in flight",
        FLYING_LIMIT,
        () ->
            (ofTheIndex
                    ? indexInFlight(System.currentTimeMillis())
                    : inFlight(System.currentTimeMillis()))
                > 0);
  }

  /** Whether the lake has passed these ends of the newest topic, and every event has a document. */
  boolean hasReached(Ends ends) throws IOException, InterruptedException {
    return position().hasReached(ends, generations.newest())
        && documents() >= events(Long.MAX_VALUE);
  }

  /**
   * Documents of events that the lake has, or is still to get; -1 when that cannot be asked. The
   * index may also hold events that were lost with their topic before the lake had read them: they
   * would hide as many that are missing.
   */
  private long documents() throws IOException, InterruptedException {
    Position now = position();
    List<String> lost =
        load.sent().stream()
            .filter(record -> record.entry().expectation().end() == Expectation.End.ROW)
            .filter(record -> now.isLost(record.place()))
            .map(record -> record.entry().event())
            .filter(Objects::nonNull)
            .map(Event::eventId)
            .distinct()
            .toList();
    long ofLost = index.documentsOf(lost);
    long all = index.documents();
    return ofLost < 0 || all < 0 ? -1 : all - ofLost;
  }

  private long events(long millis) throws IOException {
    Position now = position();
    return load.sent().stream()
        .filter(record -> record.millis() <= millis)
        .filter(record -> record.entry().expectation().end() == Expectation.End.ROW)
        .filter(record -> !now.isLost(record.place()))
        .count();
  }
}
