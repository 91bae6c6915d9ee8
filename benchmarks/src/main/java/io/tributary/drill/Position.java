package io.tributary.drill;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.drill.SentRecord.Place;
import java.util.List;

/** Up to where the lake has read, in the newest topic that it knows and in those before. */
final class Position {
  private final Ends done = new Ends();
  private int generation;

  /** After these commits. */
  static Position after(List<TableLog.Batch> batches, Generations generations) {
    Position position = new Position();
    batches.forEach(batch -> position.advance(batch, generations));
    return position;
  }

  /** One commit more. */
  void advance(TableLog.Batch batch, Generations generations) {
    generation = generations.of(batch.topicId());
    for (JsonNode range : batch.accounting().path("offsets")) {
      done.set(generation, range.path("partition").asInt(), range.path("until").asLong());
    }
  }

  /** The number of the topic that it reads. */
  int generation() {
    return generation;
  }

  /** Whether the lake says that it has read a record. */
  boolean isDone(Place place) {
    return done.cover(place);
  }

  /** Whether a record was gone before the lake had read it: it never will. */
  boolean isLost(Place place) {
    return place.generation() < generation && !isDone(place);
  }

  /** Where a partition stands. */
  long next(int ofGeneration, int partition) {
    return done.next(ofGeneration, partition);
  }

  /** How many records it has passed. */
  long records() {
    return done.sum();
  }

  /** How many records of one topic it has passed. */
  long records(int ofGeneration) {
    return done.sum(ofGeneration);
  }

  /** Whether it has passed all that the newest topic holds. */
  boolean hasReached(Ends ends, int newest) {
    return generation == newest
        && ends.partitionsOf(newest).stream()
            .allMatch(partition -> next(newest, partition) >= ends.next(newest, partition));
  }
}
