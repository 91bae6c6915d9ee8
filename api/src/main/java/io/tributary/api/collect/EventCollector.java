package io.tributary.api.collect;

import io.tributary.api.collect.CollectedBody.RejectedEvent;
import io.tributary.api.collect.EventLog.LogRecord;
import io.tributary.api.metrics.CollectMetrics;
import io.tributary.api.problem.Problem;
import io.tributary.api.problem.ProblemException;
import io.tributary.api.problem.Problems;
import io.tributary.api.problem.Problems.RetrySafety;
import io.tributary.event.Decoded;
import io.tributary.event.EventDecoder;
import io.tributary.event.Provenance;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Validates events one by one and appends the valid ones together. */
final class EventCollector {
  private final EventDecoder decoder;
  private final EventLog eventLog;
  private final Clock clock;
  private final CollectMetrics metrics;

  EventCollector(EventDecoder decoder, EventLog eventLog, Clock clock, CollectMetrics metrics) {
    this.decoder = decoder;
    this.eventLog = eventLog;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Returns once every accepted event is stored for good; nothing is sent when none is valid. */
  CollectedBody collect(List<byte[]> events, EventIds ids) {
    long receivedMillis = clock.millis();
    List<LogRecord> records = new ArrayList<>(events.size());
    List<RejectedEvent> rejected = new ArrayList<>();
    boolean everyIdGiven = true;
    for (int position = 0; position < events.size(); position++) {
      byte[] received = events.get(position);
      Decoded decoded =
          decoder.decode(received, new Provenance.Http(receivedMillis, EventIds.PLACEHOLDER));
      byte[] value = received;
      if (decoded instanceof Decoded.Accepted accepted
          && accepted.event().eventId().equals(EventIds.PLACEHOLDER)) {
        everyIdGiven = false;
        value = IdInsertion.withId(received, ids.assign(position, accepted.event()));
        // Decoded again as everyone downstream will: the id may have made it too large.
        decoded = decoder.decode(value, new Provenance.Http(receivedMillis, EventIds.PLACEHOLDER));
      }
      if (decoded instanceof Decoded.Accepted accepted) {
        records.add(new LogRecord(accepted.event().eventId(), value, receivedMillis));
      } else if (decoded instanceof Decoded.Rejected refused) {
        metrics.rejected(refused.reason().code());
        rejected.add(new RejectedEvent(position, refused.reason().code(), refused.detail()));
      }
    }
    List<String> eventIds = records.stream().map(LogRecord::key).toList();
    if (!records.isEmpty()) {
      append(
          records,
          eventIds,
          everyIdGiven || ids.repeatable() ? RetrySafety.SAME_IDS : RetrySafety.NEW_IDS);
    }
    return new CollectedBody(records.size(), eventIds, rejected);
  }

  private void append(List<LogRecord> records, List<String> eventIds, RetrySafety safety) {
    try {
      eventLog.append(records);
    } catch (AppendFailedException failure) {
      metrics.failed(failure.kind().name().toLowerCase(Locale.ROOT), records.size());
      boolean clean = failure.acknowledged() == 0 && failure.unknown() == 0;
      Problem problem =
          failure.kind() == AppendFailedException.Kind.OVERLOADED && clean
              ? Problems.overloaded(String.valueOf(failure.getMessage()))
              : Problems.kafkaUnavailable(
                  String.valueOf(failure.getMessage()),
                  failure.acknowledged(),
                  failure.unknown(),
                  eventIds,
                  safety);
      throw new ProblemException(problem);
    }
    metrics.accepted(records.size());
  }
}
