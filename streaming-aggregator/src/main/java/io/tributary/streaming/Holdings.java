package io.tributary.streaming;

import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LostRange;
import io.tributary.lake.table.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Kafka holds of the topics at a moment.
 *
 * @param topicIds by topic
 * @param beginnings the first offset of every partition that is still there
 * @param ends the next offset of every partition
 */
record Holdings(
    Map<String, String> topicIds,
    Map<String, Map<Integer, Long>> beginnings,
    Map<String, Map<Integer, Long>> ends) {

  /**
   * Where a stream cannot go on at its position, and where it can.
   *
   * @param position up to where the stream has read; a topic that is not in it was never read
   * @param readIds the ids of the topics that were read; a topic without one counts as the same
   * @param lastEnds the ends as they were last seen, by topic and partition; may know nothing
   */
  List<Gap> gaps(
      CommittedOffsets position,
      Map<String, String> readIds,
      Map<String, Map<Integer, Long>> lastEnds) {
    List<Gap> gaps = new ArrayList<>();
    beginnings.forEach(
        (topic, partitions) -> {
          Map<Integer, Long> read = position.byTopic().get(topic);
          if (read == null) {
            return;
          }
          String readId = readIds.get(topic);
          if (readId == null || readId.equals(topicIds.get(topic))) {
            partitions.forEach(
                (partition, beginning) ->
                    gap(topic, partition, position.next(topic, partition), beginning)
                        .ifPresent(gaps::add));
          } else {
            // Also partitions that the new one does not have, or not yet.
            Set<Integer> all = new TreeSet<>(read.keySet());
            all.addAll(partitions.keySet());
            for (int partition : all) {
              long next = position.next(topic, partition);
              long seen = Math.max(next, end(lastEnds, topic, partition, next));
              // Nothing was read of it, nothing was there: it begins at 0 as before.
              if (seen > 0) {
                gaps.add(
                    recreated(
                        topic, partition, next, seen, partitions.getOrDefault(partition, 0L)));
              }
            }
          }
        });
    return gaps;
  }

  /** Of a partition that is the same as before. */
  private Optional<Gap> gap(String topic, int partition, long next, long beginning) {
    if (next < beginning) {
      return Optional.of(expired(topic, partition, next, beginning));
    }
    long end = end(ends, topic, partition, beginning);
    return next > end ? Optional.of(truncated(topic, partition, next, end)) : Optional.empty();
  }

  private static long end(
      Map<String, Map<Integer, Long>> of, String topic, int partition, long otherwise) {
    return of.getOrDefault(topic, Map.of()).getOrDefault(partition, otherwise);
  }

  /**
   * Where a stream begins with partitions that it has not read before, as empty ranges: with a
   * topic as it is configured, with a partition that was added to one at its beginning.
   *
   * @param position up to where the stream has read
   */
  List<OffsetRange> starts(
      CommittedOffsets position, StreamingConfiguration.Kafka.StartingOffsets configured) {
    List<OffsetRange> starts = new ArrayList<>();
    beginnings.forEach(
        (topic, partitions) -> {
          boolean isNew = !position.byTopic().containsKey(topic);
          partitions.forEach(
              (partition, beginning) -> {
                if (!position.knows(topic, partition)) {
                  long start =
                      isNew && configured == StreamingConfiguration.Kafka.StartingOffsets.LATEST
                          ? end(ends, topic, partition, beginning)
                          : beginning;
                  starts.add(new OffsetRange(topic, partition, start, start));
                }
              });
        });
    return starts;
  }

  private static Gap expired(String topic, int partition, long next, long beginning) {
    return new Gap(
        new LostRange(
            topic,
            partition,
            next,
            beginning,
            LostRange.Reason.EXPIRED,
            "Kafka no longer holds offsets %d to %d of %s-%d: retention, or a deletion of records, came before they were read"
                .formatted(next, beginning - 1, topic, partition)),
        beginning);
  }

  private static Gap recreated(String topic, int partition, long next, long seen, long beginning) {
    return new Gap(
        new LostRange(
            topic,
            partition,
            next,
            seen,
            LostRange.Reason.TOPIC_RECREATED,
            "topic %s was deleted and made again: of the old partition %d everything from offset %d on is gone, the last end seen was %d; the new one is read from its offset %d"
                .formatted(topic, partition, next, seen, beginning)),
        beginning);
  }

  private static Gap truncated(String topic, int partition, long next, long end) {
    return new Gap(
        new LostRange(
            topic,
            partition,
            next,
            next,
            LostRange.Reason.TRUNCATED,
            "%s-%d ends at offset %d and was read up to %d: Kafka lost its end (an unclean election of a leader) and gives these offsets out again; it is read on from offset %d"
                .formatted(topic, partition, end, next, end)),
        end);
  }
}
