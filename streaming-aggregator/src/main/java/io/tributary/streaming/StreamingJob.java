package io.tributary.streaming;

import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.session.SparkSessions;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
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
  private final StatusReporter reporter;
  private final @Nullable CountsKeeper counts;
  private final @Nullable IndexFill fill;
  private final @Nullable ViewKeeper view;
  private final LedgerKeeper ledger;
  private final AtomicBoolean closed = new AtomicBoolean();

  private StreamingJob(
      StreamingConfiguration configuration,
      SparkSession spark,
      KafkaTopics topics,
      IndexAdministration administration,
      JobMetrics metrics,
      HTTPServer metricsServer,
      List<QuerySupervisor> supervisors,
      StatusReporter reporter,
      @Nullable CountsKeeper counts,
      @Nullable IndexFill fill,
      @Nullable ViewKeeper view,
      LedgerKeeper ledger) {
    this.configuration = configuration;
    this.spark = spark;
    this.topics = topics;
    this.administration = administration;
    this.metrics = metrics;
    this.metricsServer = metricsServer;
    this.supervisors = supervisors;
    this.reporter = reporter;
    this.counts = counts;
    this.fill = fill;
    this.view = view;
    this.ledger = ledger;
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
    SparkSession spark = SparkSessions.start("tributary-streaming", configuration.spark());
    KafkaTopics topics = new KafkaTopics(configuration.kafka());
    IndexAdministration administration = new IndexAdministration(configuration.index().settings());
    BatchLog batches = new BatchLog(metrics);

    List<QueryStatus> statuses = new ArrayList<>();
    List<QuerySupervisor> supervisors = new ArrayList<>();
    CountsKeeper counts = null;
    IndexFill fill = null;
    ViewKeeper view = null;
    LedgerKeeper ledger;
    boolean lakeRuns = configuration.runs(StreamingConfiguration.LAKE_QUERY);
    if (lakeRuns) {
      BatchGate gate = new BatchGate();
      LakeQuery lake = new LakeQuery(spark, configuration, topics, gate, batches, clock);
      statuses.add(lake.status());
      supervisors.add(new QuerySupervisor(lake, gate, configuration.retry()));
      counts = new CountsKeeper(spark, configuration, administration, lake::version, clock);
      ledger = new LedgerKeeper(spark, configuration, lake::version, lake.status(), metrics, clock);
    } else {
      ledger = new LedgerKeeper(spark, configuration, () -> -1, null, metrics, clock);
    }
    if (configuration.runs(StreamingConfiguration.INDEX_QUERY)) {
      BatchGate gate = new BatchGate();
      IndexPositions positions = new IndexPositions(administration);
      IndexQuery index =
          new IndexQuery(
              spark,
              configuration,
              topics,
              administration,
              gate,
              batches,
              positions,
              ledger::add,
              () -> lakeRuns,
              clock);
      statuses.add(index.status());
      supervisors.add(new QuerySupervisor(index, gate, configuration.retry()));
      fill = new IndexFill(spark, configuration, positions, index.status(), clock);
      if (lakeRuns) {
        view =
            new ViewKeeper(
                spark,
                configuration,
                administration,
                ledger.eventsVersion(),
                ledger::add,
                metrics,
                clock);
      }
    }
    metrics.watch(statuses, clock);
    StatusReporter reporter =
        new StatusReporter(
            supervisors.stream()
                .map(
                    supervisor ->
                        new StatusReporter.Reported(supervisor.status(), supervisor::restart))
                .toList(),
            topics,
            administration,
            clock);

    supervisors.forEach(QuerySupervisor::start);
    reporter.start();
    if (counts != null) {
      counts.start();
    }
    if (fill != null) {
      fill.start();
    }
    if (view != null) {
      view.start();
    }
    ledger.start();
    LOG.info(
        "Streaming {} from Kafka at {}, topics {}; lake {}; index {}; metrics http://{}:{}/metrics",
        configuration.queries(),
        configuration.kafka().bootstrapServers(),
        configuration.kafka().topics(),
        configuration.lake().root(),
        configuration.index().elasticsearch(),
        configuration.metrics().host(),
        server.getPort());
    return new StreamingJob(
        configuration,
        spark,
        topics,
        administration,
        metrics,
        server,
        supervisors,
        reporter,
        counts,
        fill,
        view,
        ledger);
  }

  /** The port that the metrics are served on. */
  public int metricsPort() {
    return metricsServer.getPort();
  }

  /**
   * Waits until the queries have stopped for good. When one gives up the job is at its end too: a
   * job that does half of its work looks too much like one that does all.
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
    if (view != null) {
      view.close();
    }
    if (fill != null) {
      fill.close();
    }
    if (counts != null) {
      counts.close();
    }
    ledger.close();
    reporter.close();
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
