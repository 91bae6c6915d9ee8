package io.tributary.streaming;

import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.OffsetRange;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Owes the days whose indices are about to be deleted, because they were made without our template.
 *
 * @param days which
 * @param stored where the index says it stands
 * @param kafka what Kafka holds
 */
record DaysMadeAgain(Set<LocalDate> days, IndexPosition stored, Holdings kafka) {

  /**
   * A position that owes them too. An older debt of the same day is replaced: hours that it says
   * are filled may be deleted with the index.
   */
  IndexPosition owedBy(IndexPosition begin, Instant now) {
    List<String> names = days.stream().sorted().map(LocalDate::toString).toList();
    List<Owed> owed = new ArrayList<>();
    // Whoever still fills the older debt must not say of the new one that an hour is filled.
    Owed debt =
        new Owed(
            UUID.randomUUID().toString(),
            Owed.Reason.INDEX_MADE_AGAIN,
            read(),
            stored.topicIds(),
            names,
            null,
            now.toString());
    for (Owed older : begin.owed()) {
      if (isSame(older, debt)) {
        debt = older.as(debt.id());
      } else {
        older.without(names).ifPresent(owed::add);
      }
    }
    owed.add(debt);
    return begin.owing(owed);
  }

  /** Of a start that did not get as far as to delete the indices. */
  private static boolean isSame(Owed older, Owed debt) {
    return older.filledDownTo() == null
        && older.reason() == debt.reason()
        && older.days().equals(debt.days())
        && older.ranges().equals(debt.ranges())
        && older.topicIds().equals(debt.topicIds());
  }

  /**
   * All that the deleted indices can have had: the lake has to have read as far before they are
   * filled. What no stream gives any more is in the lake already, or nowhere.
   */
  private List<OffsetRange> read() {
    return stored.committed().asRanges().stream()
        .filter(next -> next.until() > 0)
        .filter(next -> kafka.beginnings().containsKey(next.topic()))
        .map(next -> new OffsetRange(next.topic(), next.partition(), 0, next.until()))
        .toList();
  }
}
