package io.tributary.benchmark;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What a freshness benchmark found.
 *
 * @param offered events per second that were wanted
 * @param achieved events per second that were sent
 * @param events that were measured
 * @param index from send to countable by the API
 * @param lake from send to visible in a new Delta snapshot
 * @param logCheckpoints of the events table, made during the run
 * @param unanswered questions that the API did not answer with 200
 * @param byMinute p95 of index and lake in each minute, in ms
 * @param cpuShare share of one core that each process used
 */
record FreshnessReport(
    Machine machine,
    int events,
    double offered,
    double achieved,
    Latencies index,
    Latencies lake,
    WarmUp warmUp,
    long logCheckpoints,
    int unanswered,
    List<Minute> byMinute,
    Map<String, Double> cpuShare) {
  static final double LEAST_ACHIEVED = 0.99;
  static final int LEAST_CHECKPOINTS = 3;
  private static final long INDEX_P95 = 1_500;
  private static final long LAKE_P95 = 2_000;
  private static final long P99 = 4_000;

  /**
   * The minutes before those that are measured.
   *
   * @param index of all events, those of the warm-up too
   * @param lake the same
   */
  record WarmUp(double minutes, Latencies index, Latencies lake) {}

  /** A minute of the run. */
  record Minute(long indexP95Millis, long lakeP95Millis, long lakeMaxMillis) {}

  private record Target(String name, long atMost, long measured) {
    boolean isMet() {
      return measured <= atMost;
    }
  }

  private List<Target> targets() {
    return List.of(
        new Target("index p95", INDEX_P95, index.percentile(95)),
        new Target("index p99", P99, index.percentile(99)),
        new Target("lake p95", LAKE_P95, lake.percentile(95)),
        new Target("lake p99", P99, lake.percentile(99)));
  }

  /** Why the run does not count; empty when it does. */
  String invalidity() {
    if (achieved < LEAST_ACHIEVED * offered) {
      return "Cannot measure freshness: only %.1f of %.1f events/s could be sent (at least 99 %% are needed). Run it on an idle machine, or with a lower --rate."
          .formatted(achieved, offered);
    }
    if (logCheckpoints < LEAST_CHECKPOINTS) {
      return "Cannot measure freshness: %d Delta log checkpoints fell into the run, at least %d are needed. Run it longer (--minutes)."
          .formatted(logCheckpoints, LEAST_CHECKPOINTS);
    }
    return "";
  }

  ObjectNode json() {
    ObjectNode report = Json.object();
    report.put("events", events);
    report.put("offered", offered);
    report.put("achieved", Math.round(achieved * 10) / 10.0);
    report.set("index", index.json());
    report.set("lake", lake.json());
    report.put("warm_up_minutes", warmUp.minutes());
    report.set("index_with_warm_up", warmUp.index().json());
    report.set("lake_with_warm_up", warmUp.lake().json());
    report.put("log_checkpoints", logCheckpoints);
    report.put("unanswered", unanswered);
    ArrayNode targets = report.putArray("targets");
    for (Target target : targets()) {
      targets
          .addObject()
          .put("name", target.name)
          .put("at_most_ms", target.atMost)
          .put("measured_ms", target.measured)
          .put("met", target.isMet());
    }
    report.put("valid", invalidity().isEmpty());
    report.set("machine", Json.tree(machine));
    report.set("by_minute", Json.tree(byMinute));
    report.set("cores_used", Json.tree(cpuShare));
    return report;
  }

  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        "%nOffered %.0f events/s, achieved %.1f; %,d events measured, each of them; %d Delta log checkpoints; %d questions not answered by the API%n%n"
            .formatted(offered, achieved, events, logCheckpoints, unanswered));
    out.append("countable by the API    %s%n".formatted(index.line()));
    out.append("visible in Delta        %s%n%n".formatted(lake.line()));
    if (warmUp.minutes() > 0) {
      out.append(
          "With the %s minutes of warm-up after the start, which are in none of the other figures:%n"
              .formatted(warmUp.minutes()));
      out.append("countable by the API    %s%n".formatted(warmUp.index().line()));
      out.append("visible in Delta        %s%n%n".formatted(warmUp.lake().line()));
    }
    for (Target target : targets()) {
      out.append(
          "%-10s target ≤ %,d ms, measured %,d ms: %s%n"
              .formatted(
                  target.name,
                  target.atMost,
                  target.measured,
                  target.isMet()
                      ? "met"
                      : "MISSED by %,d ms".formatted(target.measured - target.atMost)));
    }
    out.append(
        "%nMinute by minute from the start, p95 of index / p95 of lake / max of lake in ms:%n"
            .formatted());
    for (Minute minute : byMinute) {
      out.append(
          "  %,d / %,d / %,d%n"
              .formatted(minute.indexP95Millis, minute.lakeP95Millis, minute.lakeMaxMillis));
    }
    out.append("%nCores used: %s%nMachine: %s%n".formatted(cpuShare, machine.line()));
    return out.toString();
  }
}
