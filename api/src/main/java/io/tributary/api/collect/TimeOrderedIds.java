package io.tributary.api.collect;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.tributary.event.Event;

/** UUIDs of version 7: new ones for each request, ordered by the time they are made. */
final class TimeOrderedIds implements EventIds {
  private final NoArgGenerator generator = Generators.timeBasedEpochGenerator();

  @Override
  public String assign(int position, Event event) {
    return generator.generate().toString();
  }

  @Override
  public boolean repeatable() {
    return false;
  }
}
