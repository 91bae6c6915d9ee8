package io.tributary.streaming;

import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamPosition;
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
 * @param lake up to where the lake has read; {@link StreamPosition#NONE} when there is no lake
 * @param contents what the lake has, asked after its position was read: what comes in between is
 *     read from Kafka
 * @param configured where a topic is begun with that neither the index nor the lake has read
 * @param maxLag so many records the query may be behind before it passes them by
 */
record IndexResumption(
    Optional<IndexPosition> stored,
    Holdings kafka,
    StreamPosition lake,
    LakeContents contents,
    StreamingConfiguration.Kafka.StartingOffsets configured,
    long maxLag) {

  /** The position to go on at, of every partition that Kafka has, with everything owed. */
  IndexPosition resume(Instant now) {
    Map<Owed.Reason, List<OffsetRange>> passedBy = new EnumMap<>(Owed.Reason.class);
    List<OffsetRange> offsets = new ArrayList<>();
    CommittedOffsets position =
        stored.map(IndexPosition::committed).orElseGet(CommittedOffsets::none);
    boolean tooFarBehind = lag(position) > maxLag && !lake.committed().isEmpty();
    kafka
        .beginnings()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, beginning) -> {
                      long next =
                          next(topic, partition, beginning, position, tooFarBehind, passedBy);
                      offsets.add(new OffsetRange(topic, partition, next, next));
                    }));
    passByWhatKafkaHasNoMore(position, passedBy);
    List<Owed> owed = new ArrayList<>(stored.map(IndexPosition::owed).orElse(List.of()));
    passedBy.forEach((reason, ranges) -> owed.add(owed(reason, ranges, now)));
    return new IndexPosition(offsets, kafka.topicIds(), owed);
  }

  private Owed owed(Owed.Reason reason, List<OffsetRange> ranges, Instant now) {
    Map<String, String> ids =
        switch (reason) {
          case NO_POSITION, UNKNOWN_TOPIC -> lake.topicIds();
          case TOPIC_RECREATED -> stored.map(IndexPosition::topicIds).orElse(Map.of());
          case EXPIRED, LAG -> kafka.topicIds();
          case INDEX_MADE_AGAIN ->
              throw new IllegalArgumentException("No record is passed by for " + reason);
        };
    return new Owed(
        UUID.randomUUID().toString(), reason, ranges, ids, List.of(), null, now.toString());
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

  private long next(
      String topic,
      int partition,
      long beginning,
      CommittedOffsets position,
      boolean tooFarBehind,
      Map<Owed.Reason, List<OffsetRange>> passedBy) {
    long end = kafka.ends().getOrDefault(topic, Map.of()).getOrDefault(partition, beginning);
    // A position that says nothing of a topic is none for it: before its first batch, and when the
    // topic was configured since.
    if (stored.isEmpty() || !position.byTopic().containsKey(topic)) {
      return afterTheLake(topic, partition, beginning, end, passedBy);
    }
    long next = position.next(topic, partition);
    if (isAnother(topic, stored.get().topicIds())) {
      // Open: as long as the lake has not gone on to the new one, it may commit more of the old.
      pass(passedBy, Owed.Reason.TOPIC_RECREATED, topic, partition, next, Owed.OPEN);
      return beginning;
    }
    if (next < beginning) {
      pass(passedBy, Owed.Reason.EXPIRED, topic, partition, next, beginning);
      next = beginning;
    }
    if (next > end) {
      return end;
    }
    if (tooFarBehind) {
      pass(passedBy, Owed.Reason.LAG, topic, partition, next, end);
      return end;
    }
    return next;
  }

  /** Nothing is known: what the lake has is filled from there, the rest comes from Kafka. */
  private long afterTheLake(
      String topic,
      int partition,
      long beginning,
      long end,
      Map<Owed.Reason, List<OffsetRange>> passedBy) {
    if (!lake.committed().byTopic().containsKey(topic)) {
      return switch (configured) {
        case EARLIEST -> beginning;
        case LATEST -> end;
      };
    }
    Owed.Reason reason = stored.isEmpty() ? Owed.Reason.NO_POSITION : Owed.Reason.UNKNOWN_TOPIC;
    if (isAnother(topic, lake.topicIds())) {
      pass(passedBy, reason, topic, partition, 0, Owed.OPEN);
      return beginning;
    }
    if (!lake.committed().knows(topic, partition)) {
      // Added to the topic. What has expired of it the lake may have read just before.
      pass(passedBy, Owed.Reason.EXPIRED, topic, partition, 0, beginning);
      return beginning;
    }
    long next = Math.min(end, Math.max(beginning, lake.committed().next(topic, partition)));
    if (contents == LakeContents.EVENTS) {
      pass(passedBy, reason, topic, partition, 0, next);
    }
    return next;
  }

  /** What no stream gives any more is in the lake, or nowhere. */
  private void passByWhatKafkaHasNoMore(
      CommittedOffsets position, Map<Owed.Reason, List<OffsetRange>> passedBy) {
    if (stored.isEmpty()) {
      if (contents == LakeContents.EVENTS) {
        // Also without any range: a lake may have nothing but imported events.
        passedBy.computeIfAbsent(Owed.Reason.NO_POSITION, absent -> new ArrayList<>());
        for (OffsetRange read : lake.committed().asRanges()) {
          if (!kafkaHas(read)) {
            pass(
                passedBy, Owed.Reason.NO_POSITION, read.topic(), read.partition(), 0, read.until());
          }
        }
      }
      return;
    }
    for (OffsetRange done : position.asRanges()) {
      // Made again with fewer partitions.
      if (kafka.beginnings().containsKey(done.topic())
          && isAnother(done.topic(), stored.get().topicIds())
          && !kafkaHas(done)) {
        pass(
            passedBy,
            Owed.Reason.TOPIC_RECREATED,
            done.topic(),
            done.partition(),
            done.until(),
            Owed.OPEN);
      }
    }
  }

  private boolean kafkaHas(OffsetRange range) {
    return kafka.beginnings().getOrDefault(range.topic(), Map.of()).containsKey(range.partition());
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
