package io.tributary.api.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;

/**
 * What became of the events sent to us: each event read is counted once, as accepted, rejected or
 * failed. Alert on a growing {@code failed}; look at {@code rejected} by reason after a release of
 * a producer.
 */
public final class CollectMetrics {
  private final PrometheusRegistry registry;
  private final Counter accepted;
  private final Counter rejected;
  private final Counter failed;

  /** Registers the metrics. */
  public CollectMetrics(PrometheusRegistry registry) {
    this.registry = registry;
    this.accepted =
        Counter.builder()
            .name("tributary_collect_events_accepted_total")
            .help("Events that Kafka acknowledged")
            .register(registry);
    this.rejected =
        Counter.builder()
            .name("tributary_collect_events_rejected_total")
            .help("Events refused, by the reason told to the client")
            .labelNames("reason")
            .register(registry);
    this.failed =
        Counter.builder()
            .name("tributary_collect_events_failed_total")
            .help("Valid events of requests that Kafka did not acknowledge as a whole, by kind")
            .labelNames("kind")
            .register(registry);
  }

  /** Kafka acknowledged this many events. */
  public void accepted(int events) {
    accepted.inc(events);
  }

  /** An event was refused for this reason. */
  public void rejected(String reason) {
    rejected.labelValues(reason).inc();
  }

  /** Kafka did not acknowledge a request with this many events. */
  public void failed(String kind, int events) {
    failed.labelValues(kind).inc(events);
  }

  /** Shows what all requests together hold. */
  public void observeBytesInFlight(LongSupplier held) {
    GaugeWithCallback.builder()
        .name("tributary_collect_bytes_in_flight")
        .help("Bytes of bodies being read or waiting for Kafka")
        .callback(callback -> callback.call(held.getAsLong()))
        .register(registry);
  }
}
