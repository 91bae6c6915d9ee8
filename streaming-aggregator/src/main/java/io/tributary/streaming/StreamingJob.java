package io.tributary.streaming;

import com.google.common.collect.Lists;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.session.SparkSessions;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job, put together: session, queries with their supervisors, counts, status, metrics. */
public final class StreamingJob implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamingJob.class);

  private final StreamingConfiguration configuration;
  private final SparkSession spark;
  private final KafkaTopics topics;
  private final IndexAdministration administration;
  private final JobMetrics metrics;
  private final HTTPServer metricsServer;
  private final List<QuerySupervisor> supervisors;
  private final List<Companion> companions;
  private final FatalErrors errors;
  private final AtomicBoolean closed = new AtomicBoolean();

  private StreamingJob(
      StreamingConfiguration configuration,
      SparkSession spark,
      KafkaTopics topics,
      IndexAdministration administration,
      JobMetrics metrics,
      HTTPServer metricsServer,
      List<QuerySupervisor> supervisors,
      List<Companion> companions,
      FatalErrors errors) {
    this.configuration = configuration;
    this.spark = spark;
    this.topics = topics;
    this.administration = administration;
    this.metrics = metrics;
    this.metricsServer = metricsServer;
    this.supervisors = List.copyOf(supervisors);
    this.companions = List.copyOf(companions);
    this.errors = errors;
  }

  /**
   * Starts the job in a session of its own or, in tests, the one that is there.
   *
   * @throws IOException when the port of the metrics is taken
   */
  public static StreamingJob start(StreamingConfiguration configuration, Clock clock)
      throws IOException {
    JobMetrics metrics = new JobMetrics();
    HTTPServer server = metrics.serve(configuration.metrics());
    SparkSession spark =
        SparkSessions.startInterpreting("tributary-streaming", configuration.spark());
    KafkaTopics topics = new KafkaTopics(configuration.kafka());
    IndexAdministration administration = new IndexAdministration(configuration.index().settings());
    JobParts parts = new JobParts(spark, configuration, topics, administration, metrics, clock);
    StreamingJob job =
        new StreamingJob(
            configuration,
            spark,
            topics,
            administration,
            metrics,
            server,
            parts.supervisors(),
            parts.companions(),
            parts.errors());
    job.supervisors.forEach(QuerySupervisor::start);
    Lists.reverse(job.companions).forEach(Companion::start);
    LOG.info(
        "Streaming {} from Kafka at {}, topics {}; lake {}; index {}; metrics http://{}:{}/metrics",
        configuration.queries(),
        configuration.kafka().bootstrapServers(),
        configuration.kafka().topics(),
        configuration.lake().root(),
        configuration.index().elasticsearch(),
        configuration.metrics().host(),
        server.getPort());
    return job;
  }

  /** The port that the metrics are served on. */
  public int metricsPort() {
    return metricsServer.getPort();
  }

  /**
   * Waits until the queries have stopped for good. When one gives up, or an error ends what runs
   * beside them, the job is at its end too: a job that does half of its work looks too much like
   * one that does all.
   *
   * @return why one gave up; null when they were stopped
   */
  public @Nullable String await() throws InterruptedException {
    CompletableFuture<Optional<String>> end = new CompletableFuture<>();
    List<CompletableFuture<Optional<String>>> ends =
        supervisors.stream().map(QuerySupervisor::end).toList();
    ends.forEach(
        each ->
            each.thenAccept(
                why -> {
                  if (why.isPresent()) {
                    end.complete(why);
                  }
                }));
    errors.first().thenAccept(why -> end.complete(Optional.of(why)));
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
        .thenRun(() -> end.complete(Optional.empty()));
    try {
      return end.get().orElse(null);
    } catch (ExecutionException e) {
      throw new IllegalStateException("A supervisor ended without saying how", e);
    }
  }

  /** Finishes the running batches, counts a last time, says that it has stopped. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    LOG.info("Stopping: the running batches are finished first");
    supervisors.forEach(supervisor -> supervisor.stop(configuration.stopTimeout()));
    companions.forEach(Companion::close);
    metricsServer.close();
    metrics.close();
    topics.close();
    try {
      administration.close();
    } catch (IOException e) {
      LOG.debug("The client of Elasticsearch did not close", e);
    }
    spark.stop();
    LOG.info("Stopped");
  }
}
