package io.tributary.streaming;

import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.lake.config.ConfigurationException;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says from any shell where the queries stand: by the lake itself and by the status documents. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Says where the queries stand. Exit code 0 when every query runs, else 1.")
final class StatusCommand implements Callable<Integer> {
  /** A job renews its status every second; older than this, nobody does. */
  private static final Duration STALE = Duration.ofSeconds(15);

  @Option(names = "--config", paramLabel = "FILE", description = "The job's configuration.")
  private @Nullable Path config;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  @Override
  public Integer call() {
    CommandLog.keepToOwnSentences();
    StreamingConfiguration configuration;
    try {
      configuration = StreamingAggregator.configuration(config, null);
    } catch (ConfigurationException e) {
      out.println(e.getMessage());
      return StreamingAggregator.USAGE;
    }
    lake(configuration);
    return index(configuration) ? StreamingAggregator.DONE : StreamingAggregator.FAILED;
  }

  private void lake(StreamingConfiguration configuration) {
    String root = configuration.lake().root();
    Optional<StreamCommit> newest =
        StreamTable.newestOfLake(LakeEngine.create(new Configuration()), root);
    if (newest.isEmpty()) {
      out.printf("lake %s: nothing committed yet%n", root);
      return;
    }
    StreamCommit commit = newest.get();
    out.printf(
        "lake %s: newest commit is batch %d with %d records: %d rows, %d duplicates, %d dead letters%n",
        root, commit.batch(), commit.read(), commit.rows(), commit.duplicates(), commit.letters());
    for (OffsetRange range : commit.offsets()) {
      out.printf(
          "  committed through %s-%d offset %d%n", range.topic(), range.partition(), range.until());
    }
  }

  private boolean index(StreamingConfiguration configuration) {
    boolean allRun = true;
    try (IndexAdministration administration =
        new IndexAdministration(configuration.index().settings())) {
      for (String query :
          List.of(StreamingConfiguration.LAKE_QUERY, StreamingConfiguration.INDEX_QUERY)) {
        Optional<JsonNode> status = administration.status().source(query);
        if (status.isEmpty()) {
          out.printf("%s query: no status; it has not run against this Elasticsearch%n", query);
          allRun &= !configuration.runs(query);
        } else {
          allRun &= print(query, status.get()) || !configuration.runs(query);
        }
      }
      return allRun;
    } catch (IOException e) {
      out.printf(
          "Cannot read the status documents: Elasticsearch at %s does not answer (%s).%n",
          configuration.index().elasticsearch(), e.getMessage());
      return false;
    }
  }

  private boolean print(String query, JsonNode status) {
    Instant updated = Instant.parse(status.path("updated_at").asText());
    Duration age = Duration.between(updated, Clock.systemUTC().instant());
    boolean stale = age.compareTo(STALE) > 0;
    String state = status.path("state").asText();
    out.printf(
        "%s query: %s, lag %s records, %s s, complete through %s%n",
        query,
        stale && !state.equals("stopped")
            ? "no sign of life for %d s (it said: %s)".formatted(age.toSeconds(), state)
            : state,
        status.path("lag_records").asText("?"),
        status.path("lag_seconds").asText("?"),
        status.path("complete_through").asText("unknown"));
    JsonNode last = status.path("last_batch");
    if (last.isObject()) {
      out.printf(
          "  last batch %s: %s in, %s accepted, %s dead, %s duplicates, %s ms%n",
          status.path("batch_id").asText(),
          last.path("rows_in").asText(),
          last.path("accepted").asText(),
          last.path("dead").asText(),
          last.path("duplicates").asText(),
          last.path("millis").asText());
    }
    if (!status.path("dead_letters").isEmpty()) {
      out.printf("  dead letters since the start: %s%n", status.path("dead_letters"));
    }
    if (!status.path("problem").isNull()) {
      out.printf("  problem: %s%n", status.path("problem").asText());
    }
    for (JsonNode debt : status.path("owed")) {
      out.printf(
          "  owed: %s%s%n",
          debt.path("detail").asText(),
          debt.path("problem").isTextual()
              ? "; does not get on: " + debt.path("problem").asText()
              : "");
    }
    return state.equals("running") && !stale;
  }
}
