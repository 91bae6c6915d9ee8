package io.tributary.drill;

import java.util.ArrayList;
import java.util.List;

/**
 * The topics of one name that there were, one after the other: each time it is made again its
 * offsets begin anew. Of a record the Kafka time tells of which it is, because no two overlap; of a
 * commit the topic's id.
 *
 * @param all in the order of time; the first is number 0
 */
record Generations(List<Generation> all) {
  /**
   * One of them.
   *
   * @param topicId what Kafka calls it
   * @param sinceMillis a time before its first record and behind the last of the one before
   */
  record Generation(String topicId, long sinceMillis) {}

  Generations {
    all = List.copyOf(all);
  }

  /** Only one, from ever on. */
  static Generations first(String topicId) {
    return new Generations(List.of(new Generation(topicId, 0)));
  }

  Generations with(String topicId, long sinceMillis) {
    List<Generation> more = new ArrayList<>(all);
    more.add(new Generation(topicId, sinceMillis));
    return new Generations(more);
  }

  /** The number of the newest. */
  int newest() {
    return all.size() - 1;
  }

  /** Which one a record of this time is of. */
  int at(long millis) {
    int number = newest();
    while (number > 0 && all.get(number).sinceMillis() > millis) {
      number--;
    }
    return number;
  }

  /** Which one has this id; the first for a commit that names none. */
  int of(String topicId) {
    for (int number = 0; number < all.size(); number++) {
      if (all.get(number).topicId().equals(topicId)) {
        return number;
      }
    }
    if (topicId.isEmpty()) {
      return 0;
    }
    throw new IllegalArgumentException("A commit of topic %s, which never was".formatted(topicId));
  }
}
