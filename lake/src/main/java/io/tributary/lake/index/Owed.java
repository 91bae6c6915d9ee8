package io.tributary.lake.index;

import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamPosition;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records that the index query passed by without making documents of them. Their rows are in the
 * lake, or will be; from there the index is filled, newest hours first.
 *
 * @param id of this debt
 * @param reason why they were passed by
 * @param ranges which records; a range may also cover some that have their documents already. Where
 *     something else is owed than these ({@link #events}), they say only how far the lake has to
 *     have read, and may be none
 * @param topicIds of which topics these are offsets
 * @param days the UTC days that are owed, ISO-8601; none where days do not tell. A debt that was
 *     kept before there were any says nothing of them
 * @param filledDownTo the start of the hour (epoch seconds) down to which it is filled; null before
 *     the first hour is
 * @param since when it was owed, ISO-8601, UTC
 */
public record Owed(
    String id,
    Reason reason,
    List<OffsetRange> ranges,
    Map<String, String> topicIds,
    List<String> days,
    @Nullable Long filledDownTo,
    String since) {

  /** Why records were passed by. */
  public enum Reason {
    /**
     * The index does not know how far it is: it is new, or was wiped. Everything in the lake is
     * owed, whatever it was read from.
     */
    NO_POSITION,
    /** The index says nothing of a topic that the lake has read: all that the lake has of it. */
    UNKNOWN_TOPIC,
    /** Kafka has them no more. */
    EXPIRED,
    /** The topic was deleted and made again before they were read. */
    TOPIC_RECREATED,
    /** The index lagged more than it may, and went on at the newest records. */
    LAG,
    /**
     * The indices of some days had not been made by our template and were deleted: all that the
     * lake has of these days, whatever it was read from.
     */
    INDEX_MADE_AGAIN
  }

  /** The end of a range that reaches as far as the lake has rows of a topic that is gone. */
  public static final long OPEN = Long.MAX_VALUE;

  public Owed {
    ranges = List.copyOf(ranges);
    topicIds = Map.copyOf(topicIds);
    days = days == null ? List.of() : List.copyOf(days);
  }

  /** Which events are owed. */
  public EventSet events() {
    return switch (reason) {
      // Offsets do not say what an index lacks that knows nothing: imported rows have none, and
      // those of a topic that was made again begin anew.
      case NO_POSITION -> new EventSet.Everything();
      case UNKNOWN_TOPIC ->
          new EventSet.OfTopics(ranges.stream().map(OffsetRange::topic).distinct().toList());
      case EXPIRED, TOPIC_RECREATED, LAG -> new EventSet.AtOffsets(ranges);
      case INDEX_MADE_AGAIN -> new EventSet.OnDays(days.stream().map(LocalDate::parse).toList());
    };
  }

  /** This debt, filled down to the start of an hour (epoch seconds). */
  public Owed filledDownTo(long hour) {
    return new Owed(id, reason, ranges, topicIds, days, hour, since);
  }

  /** This debt under another id. */
  public Owed as(String otherId) {
    return new Owed(otherId, reason, ranges, topicIds, days, filledDownTo, since);
  }

  /** What is left of a debt of days without some of them; empty when nothing is. */
  public Optional<Owed> without(Collection<String> others) {
    if (days.isEmpty()) {
      return Optional.of(this);
    }
    List<String> left = new ArrayList<>(days);
    left.removeAll(others);
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(new Owed(id, reason, ranges, topicIds, left, filledDownTo, since));
  }

  /**
   * Whether the lake has all that it will ever have of these records.
   *
   * @param indexTopicIds the ids of the topics that the index query reads
   */
  public boolean isInLake(StreamPosition lake, Map<String, String> indexTopicIds) {
    return ranges.stream()
        .allMatch(
            range ->
                isOfThatTopic(range, lake.topicIds())
                    ? lake.committed().next(range.topic(), range.partition()) >= range.until()
                    // Of one that is gone the lake has all once it reads the next. But of one that
                    // the index query has gone on to first, the lake has nothing yet.
                    : !Objects.equals(
                        topicIds.get(range.topic()), indexTopicIds.get(range.topic())));
  }

  private boolean isOfThatTopic(OffsetRange range, Map<String, String> ids) {
    String owed = topicIds.get(range.topic());
    String read = ids.get(range.topic());
    return owed == null || read == null || owed.equals(read);
  }

  /** For people. */
  public String describe() {
    return "%s since %s: %s%s"
        .formatted(
            reason.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            since,
            what(),
            filledDownTo == null ? "" : "; filled down to " + Instant.ofEpochSecond(filledDownTo));
  }

  private String what() {
    String described = ranges.stream().map(Owed::describe).collect(Collectors.joining(", "));
    String everything =
        switch (reason) {
          case NO_POSITION -> "everything in the lake";
          case INDEX_MADE_AGAIN -> "everything in the lake of " + String.join(", ", days);
          case UNKNOWN_TOPIC, EXPIRED, TOPIC_RECREATED, LAG -> "";
        };
    if (everything.isEmpty() || described.isEmpty()) {
      return everything + described;
    }
    return everything + ", with " + described;
  }

  /** The offsets that are shown of this debt: those of a debt of days are not what is owed. */
  public List<OffsetRange> shownRanges() {
    return days.isEmpty() ? ranges : List.of();
  }

  /**
   * The rows that put this debt on record.
   *
   * @param state {@code owed} or {@code filled}
   */
  public List<LedgerRow> onRecord(Instant at, String state) {
    return LedgerRow.owed(at, shownRanges(), state, describe());
  }

  private static String describe(OffsetRange range) {
    return "%s-%d offsets %d to %s"
        .formatted(
            range.topic(),
            range.partition(),
            range.from(),
            range.until() == OPEN ? "the last" : Long.toString(range.until()));
  }
}
