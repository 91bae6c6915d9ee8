package io.tributary.streaming;

import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.Gap;
import io.tributary.lake.table.LostRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
          if (!position.byTopic().containsKey(topic)) {
            return;
          }
          String read = readIds.get(topic);
          String now = topicIds.get(topic);
          boolean recreated = read != null && !read.equals(now);
          partitions.forEach(
              (partition, beginning) -> {
                long next = position.next(topic, partition);
                long end = ends.getOrDefault(topic, Map.of()).getOrDefault(partition, beginning);
                if (recreated && next == 0 && lastEnd(lastEnds, topic, partition) == 0) {
                  // Nothing was read of it, nothing was there: it begins at 0 as before.
                  return;
                }
                if (recreated) {
                  long seen = lastEnds.getOrDefault(topic, Map.of()).getOrDefault(partition, next);
                  gaps.add(recreated(topic, partition, next, Math.max(next, seen), beginning));
                } else if (next < beginning) {
                  gaps.add(expired(topic, partition, next, beginning));
                } else if (next > end) {
                  gaps.add(truncated(topic, partition, next, end));
                }
              });
        });
    return gaps;
  }

  private static long lastEnd(
      Map<String, Map<Integer, Long>> lastEnds, String topic, int partition) {
    return lastEnds.getOrDefault(topic, Map.of()).getOrDefault(partition, 0L);
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
