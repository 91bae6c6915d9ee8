package io.tributary.streaming;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;

/**
 * The job's metrics. {@code read = accepted + duplicates + dead letters} holds for the lake query
 * at any time; alert on {@code tributary_lag_seconds} and on {@code tributary_query_running} being
 * 0.
 */
final class JobMetrics implements AutoCloseable {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter read =
      counter("tributary_records_read", "Records read from Kafka", "query");
  private final Counter accepted =
      counter("tributary_records_accepted", "Events written as rows or documents", "query");
  private final Counter duplicates =
      counter("tributary_records_duplicate", "Records that repeat an event", "query");
  private final Counter deadLetters =
      counter("tributary_dead_letters", "Records set aside, by reason", "query", "reason");
  private final Counter misfits =
      counter("tributary_field_misfits", "Values that did not fit their typed field", "query");
  private final Counter batches = counter("tributary_batches", "Batches finished", "query");
  private final Counter accountingErrors =
      counter("tributary_accounting_errors", "Commits whose sums do not add up; any is an alarm");
  private final Counter differences =
      counter(
          "tributary_view_differences",
          "Documents that were not what the lake says; any is an alarm",
          "kind");
  private final Counter comparisonFailures =
      counter(
          "tributary_comparison_failures",
          "Hours that could not be compared with the index when it was their turn");
  private final Gauge hoursWaiting =
      Gauge.builder()
          .name("tributary_comparison_waiting_hours")
          .help("Hours written to that are not compared with the index in all their rows")
          .register(registry);
  private final Histogram step =
      Histogram.builder()
          .name("tributary_batch_step_seconds")
          .help("Time of a batch's step")
          .unit(Unit.SECONDS)
          .labelNames("query", "step")
          .classicUpperBounds(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
          .register(registry);

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  void batch(BatchReport report) {
    String query = report.query();
    batches.labelValues(query).inc();
    read.labelValues(query).inc(report.read());
    accepted.labelValues(query).inc(report.accepted());
    duplicates.labelValues(query).inc(report.duplicates());
    misfits.labelValues(query).inc(report.misfits());
    report.deadLetters().forEach((reason, n) -> deadLetters.labelValues(query, reason).inc(n));
    report.millis().forEach((name, ms) -> step.labelValues(query, name).observe(ms / 1000.0));
  }

  void accountingError() {
    accountingErrors.inc();
  }

  void difference(String kind, long count) {
    differences.labelValues(kind).inc(count);
  }

  void comparisonFailed() {
    comparisonFailures.inc();
  }

  void hoursWaiting(int hours) {
    hoursWaiting.set(hours);
  }

  /** Shows where queries stand whenever the metrics are asked for. */
  void watch(List<QueryStatus> queries, Clock clock) {
    gauge(
        "tributary_lag_records",
        "Records in Kafka that the query has not written",
        queries,
        view -> view.lagRecords(),
        clock);
    gauge(
        "tributary_lag_seconds",
        "How old the oldest unwritten record may be",
        queries,
        view -> view.lagSeconds(),
        clock);
    gauge(
        "tributary_query_running",
        "1 while the query runs, 0 while it retries or stands",
        queries,
        view -> view.state() == QueryStatus.State.RUNNING ? 1 : 0,
        clock);
    gauge(
        "tributary_gaps",
        "Ranges of offsets that Kafka lost before they were read; any is an alarm",
        queries,
        view -> view.gaps().size(),
        clock);
    gauge(
        "tributary_owed",
        "Debts of the target that are being filled from the lake",
        queries,
        view -> view.owed().size(),
        clock);
  }

  private interface Value {
    double of(QueryStatus.View view);
  }

  private void gauge(
      String name, String help, List<QueryStatus> queries, Value value, Clock clock) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("query")
        .callback(
            callback ->
                queries.forEach(
                    query -> callback.call(value.of(query.view(clock.instant())), query.query())))
        .register(registry);
  }

  /**
   * Serves {@code /metrics}.
   *
   * @throws IOException when the port is taken
   */
  HTTPServer serve(StreamingConfiguration.Metrics settings) throws IOException {
    JvmMetrics.builder().register(registry);
    return HTTPServer.builder()
        .inetAddress(InetAddress.getByName(settings.host()))
        .port(settings.port())
        .registry(registry)
        .buildAndStart();
  }

  @Override
  public void close() {
    registry.clear();
  }
}
