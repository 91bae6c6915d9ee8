package io.tributary.benchmark;

import io.tributary.lake.config.ConfigurationException;
import io.tributary.lake.config.ConfigurationReader;
import io.tributary.lake.session.SparkSessions;
import io.tributary.streaming.StreamingConfiguration;
import io.tributary.streaming.StreamingJob;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Our streaming job with one or both of its queries and everything else it has switched on. */
final class StreamedByJob implements Workload {
  /** Beyond this a run is stuck, not slow. */
  private static final long SLOWEST_EVENTS_PER_SECOND = 1_000;

  private static final long GRACE_MILLIS = 120_000;

  @Override
  public RunResult move(RunOrder order, RunOrder.Place place) throws Exception {
    StreamingConfiguration configuration = configuration(order, place);
    TopicEnds ends = TopicEnds.of(order.kafka(), place.topic());
    // The job takes the session that is there: starting one is not what is measured.
    SparkSessions.startInterpreting("tributary-streaming", configuration.spark());
    Effort effort = Effort.begin(order);
    long deadline =
        effort.startMillis() + GRACE_MILLIS + ends.records() * 1_000 / SLOWEST_EVENTS_PER_SECOND;
    try (StreamingJob job = StreamingJob.start(configuration, Clock.systemUTC())) {
      Map<String, Double> notes = new LinkedHashMap<>();
      long done = 0;
      for (String query : order.figure().queries()) {
        Progress progress =
            query.equals("lake")
                ? new LakeProgress(place.lakeFolder(), ends)
                : new IndexProgress(place.checkpoints().resolve("index"), ends);
        long complete = Progress.await(progress, deadline, "the target of the " + query + " query");
        notes.put(query, (complete - effort.startMillis()) / 1_000.0);
        done = Math.max(done, complete);
      }
      return effort.end(done, notes);
    }
  }

  /** The shipped configuration, or the one under test, pointed at a run's places. */
  static StreamingConfiguration configuration(RunOrder order, RunOrder.Place place)
      throws ConfigurationException {
    ConfigurationReader<StreamingConfiguration> reader =
        StreamingConfiguration.reader(
            Map.of(
                "TRIBUTARY_KAFKA", order.kafka(),
                "TRIBUTARY_TOPIC", place.topic(),
                "TRIBUTARY_ELASTICSEARCH", order.elasticsearch(),
                "TRIBUTARY_LAKE", place.lake(),
                "TRIBUTARY_CHECKPOINTS", place.checkpoints().toUri().toString(),
                "TRIBUTARY_INDEX_PREFIX", place.indexPrefix(),
                "TRIBUTARY_METRICS_PORT", "0"));
    Path file = order.configuration();
    StreamingConfiguration read = file == null ? reader.defaults() : reader.read(file);
    List<String> queries = order.figure().queries();
    return new StreamingConfiguration(
        queries.isEmpty() ? read.queries() : queries,
        read.kafka(),
        read.lake(),
        read.counts(),
        read.ledger(),
        read.audit(),
        read.index(),
        read.fields(),
        read.metrics(),
        read.stopTimeout(),
        read.retry(),
        read.spark());
  }
}
