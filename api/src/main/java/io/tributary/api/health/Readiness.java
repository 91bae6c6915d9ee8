package io.tributary.api.health;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tributary.api.health.Check.Result;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Runs the checks side by side, so that all are done when the slowest may take no longer. */
public final class Readiness {
  private static final Duration CHECK_PATIENCE = Duration.ofMillis(2_000);
  private static final Duration HARD_LIMIT = Duration.ofMillis(2_500);

  private final Check collect;
  private final Check query;
  private final Check pipeline;
  private final ExecutorService threads;

  /** Collecting needs the first, queries the second; the third is only told. */
  public Readiness(Check collect, Check query, Check pipeline, ExecutorService threads) {
    this.pipeline = pipeline;
    this.collect = collect;
    this.query = query;
    this.threads = threads;
  }

  /** Asks now; takes less than three seconds. */
  public Report ask() {
    CompletableFuture<Result> collectResult = start(collect);
    CompletableFuture<Result> queryResult = start(query);
    CompletableFuture<Result> pipelineResult = start(pipeline);
    Map<String, Result> checks = new LinkedHashMap<>();
    checks.put(collect.name(), collectResult.join());
    checks.put(query.name(), queryResult.join());
    checks.put(pipeline.name(), pipelineResult.join());
    return new Report(collectResult.join().healthy(), queryResult.join().healthy(), checks);
  }

  private CompletableFuture<Result> start(Check check) {
    try {
      return CompletableFuture.supplyAsync(() -> check.run(CHECK_PATIENCE), threads)
          .completeOnTimeout(
              Result.failed("it did not answer in time"),
              HARD_LIMIT.toMillis(),
              TimeUnit.MILLISECONDS)
          .exceptionally(failure -> Result.failed("the check failed: " + failure.getMessage()));
    } catch (RejectedExecutionException busy) {
      return CompletableFuture.completedFuture(
          Result.failed("too many checks are waiting already"));
    }
  }

  /** What can be done now. */
  public record Report(
      @JsonProperty("collect") boolean collect,
      @JsonProperty("query") boolean query,
      @JsonProperty("checks") Map<String, Result> checks) {
    boolean ready() {
      return collect && query;
    }
  }
}
