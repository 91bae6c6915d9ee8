package io.tributary.streaming;

import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Decides where the index query goes on, and what it owes for going on there.
 *
 * @param stored where the index says it stands; empty when it says nothing
 * @param kafka what Kafka holds
 * @param lake up to where the lake has read; nothing when there is no lake
 * @param lakeTopicIds the ids of the topics that the lake has read
 * @param maxLag so many records the query may be behind before it passes them by
 */
record IndexResumption(
    Optional<IndexPosition> stored,
    Holdings kafka,
    CommittedOffsets lake,
    Map<String, String> lakeTopicIds,
    long maxLag) {

  /**
   * The position to go on at, with everything owed; without any offsets at the very first start.
   */
  IndexPosition resume(Instant now) {
    Map<Owed.Reason, List<OffsetRange>> passedBy = new EnumMap<>(Owed.Reason.class);
    List<OffsetRange> offsets = new ArrayList<>();
    CommittedOffsets position =
        stored.map(IndexPosition::committed).orElseGet(CommittedOffsets::none);
    boolean tooFarBehind = lag(position) > maxLag && !lake.isEmpty();
    kafka
        .beginnings()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, beginning) -> {
                      Optional<Long> next =
                          next(topic, partition, beginning, position, tooFarBehind, passedBy);
                      next.ifPresent(at -> offsets.add(new OffsetRange(topic, partition, at, at)));
                    }));
    List<Owed> owed = new ArrayList<>(stored.map(IndexPosition::owed).orElse(List.of()));
    passedBy.forEach((reason, ranges) -> owed.add(owed(reason, ranges, now)));
    return new IndexPosition(offsets, kafka.topicIds(), owed);
  }

  private Owed owed(Owed.Reason reason, List<OffsetRange> ranges, Instant now) {
    Map<String, String> ids =
        switch (reason) {
          case NO_POSITION -> lakeTopicIds;
          case TOPIC_RECREATED -> stored.map(IndexPosition::topicIds).orElse(Map.of());
          case EXPIRED, LAG -> kafka.topicIds();
        };
    return new Owed(UUID.randomUUID().toString(), reason, ranges, ids, null, now.toString());
  }

  private long lag(CommittedOffsets position) {
    long lag = 0;
    for (var topic : kafka.ends().entrySet()) {
      for (var end : topic.getValue().entrySet()) {
        if (position.knows(topic.getKey(), end.getKey())) {
          lag += Math.max(0, end.getValue() - position.next(topic.getKey(), end.getKey()));
        }
      }
    }
    return lag;
  }

  /** Where a partition goes on; empty where the configured start holds. */
  private Optional<Long> next(
      String topic,
      int partition,
      long beginning,
      CommittedOffsets position,
      boolean tooFarBehind,
      Map<Owed.Reason, List<OffsetRange>> passedBy) {
    long end = kafka.ends().getOrDefault(topic, Map.of()).getOrDefault(partition, beginning);
    if (stored.isEmpty()) {
      return afterTheLake(topic, partition, beginning, end, passedBy);
    }
    if (!position.byTopic().containsKey(topic)) {
      return Optional.of(beginning);
    }
    long next = position.next(topic, partition);
    if (isAnother(topic, stored.get().topicIds())) {
      long until = isAnother(topic, lakeTopicIds) ? lake.next(topic, partition) : Owed.OPEN;
      pass(passedBy, Owed.Reason.TOPIC_RECREATED, topic, partition, next, until);
      return Optional.of(beginning);
    }
    if (next < beginning) {
      pass(passedBy, Owed.Reason.EXPIRED, topic, partition, next, beginning);
      next = beginning;
    }
    if (next > end) {
      return Optional.of(end);
    }
    if (tooFarBehind) {
      pass(passedBy, Owed.Reason.LAG, topic, partition, next, end);
      return Optional.of(end);
    }
    return Optional.of(next);
  }

  /** A new or a wiped index: what the lake has is filled from there, the rest comes from Kafka. */
  private Optional<Long> afterTheLake(
      String topic,
      int partition,
      long beginning,
      long end,
      Map<Owed.Reason, List<OffsetRange>> passedBy) {
    if (!lake.knows(topic, partition)) {
      return lake.isEmpty() ? Optional.empty() : Optional.of(beginning);
    }
    long read = lake.next(topic, partition);
    pass(passedBy, Owed.Reason.NO_POSITION, topic, partition, 0, read);
    return Optional.of(
        isAnother(topic, lakeTopicIds) ? beginning : Math.min(end, Math.max(beginning, read)));
  }

  private boolean isAnother(String topic, Map<String, String> ids) {
    String before = ids.get(topic);
    return before != null && !before.equals(kafka.topicIds().get(topic));
  }

  private static void pass(
      Map<Owed.Reason, List<OffsetRange>> passedBy,
      Owed.Reason reason,
      String topic,
      int partition,
      long from,
      long until) {
    if (until > from) {
      passedBy
          .computeIfAbsent(reason, absent -> new ArrayList<>())
          .add(new OffsetRange(topic, partition, from, until));
    }
  }
}
