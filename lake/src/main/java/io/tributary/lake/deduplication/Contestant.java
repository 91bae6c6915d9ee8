package io.tributary.lake.deduplication;

import io.tributary.event.Decoded;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.deduplication.LakeLookup.Identity;
import io.tributary.lake.deduplication.LakeLookup.Sought;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/** An event under a contested key, with its id. */
record Contestant(
    String eventId,
    int day,
    long tsMicros,
    long digest,
    long timestampMillis,
    String topic,
    int partition,
    long offset)
    implements Serializable {
  static final Comparator<Contestant> FIRST_IN_KAFKA =
      Comparator.comparingLong(Contestant::timestampMillis)
          .thenComparing(Contestant::topic)
          .thenComparingInt(Contestant::partition)
          .thenComparingLong(Contestant::offset);

  static List<Contestant> of(DecodedRecord record, LongOpenHashSet contested) {
    if (!(record.outcome() instanceof Decoded.Accepted accepted)) {
      return List.of();
    }
    String eventId = accepted.event().eventId();
    int day = EventDay.of(accepted.event().tsMicros());
    if (!contested.contains(IdentityKey.of(day, IdHash.of(eventId)))) {
      return List.of();
    }
    return List.of(
        new Contestant(
            eventId,
            day,
            accepted.event().tsMicros(),
            accepted.digest(),
            record.kafka().timestampMillis(),
            record.kafka().topic(),
            record.kafka().partition(),
            record.kafka().offset()));
  }

  Identity identity() {
    return new Identity(eventId, day);
  }

  Sought sought() {
    return new Sought(identity(), tsMicros);
  }
}
