package io.tributary.smoke;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import io.tributary.layout.IndexLayout;
import io.tributary.reader.Lake;
import io.tributary.smoke.SmokeCheck.Findings;
import io.tributary.time.Timestamps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpHost;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Waits until all that was sent is everywhere, and says what is not. Exit code 0 or 1. */
@Command(
    name = "smoke-check",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares the ids of a manifest with those in Delta and Elasticsearch and with both count"
          + " APIs."
    })
public final class SmokeMain implements Callable<Integer> {
  @Option(
      names = "--manifest",
      required = true,
      paramLabel = "FILE",
      description = "What scripts/produce --manifest wrote.")
  private Path manifest = Path.of("");

  @Option(
      names = "--lake",
      required = true,
      defaultValue = "${env:TRIBUTARY_LAKE}",
      description = "Root of the lake; default $$TRIBUTARY_LAKE.")
  private String lake = "";

  @Option(
      names = "--elasticsearch",
      required = true,
      defaultValue = "${env:TRIBUTARY_ELASTICSEARCH}",
      description = "URL; default $$TRIBUTARY_ELASTICSEARCH.")
  private String elasticsearch = "";

  @Option(
      names = "--index-prefix",
      defaultValue = "${env:TRIBUTARY_INDEX_PREFIX:-}",
      description = "What all index names begin with; default $$TRIBUTARY_INDEX_PREFIX.")
  private String indexPrefix = "";

  @Option(
      names = "--api",
      paramLabel = "URL",
      description = "The API; without it, only ids are compared.")
  private @Nullable String api;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      description = "How long to wait until all is there (default ${DEFAULT-VALUE}).")
  private long seconds;

  /** Exit code 0 when all is everywhere, 1 when not, 2 for wrong options. */
  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new SmokeMain())
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                  if (failure instanceof IOException) {
                    command.getErr().println(failure.getMessage());
                    return 1;
                  }
                  throw failure;
                })
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    SentEvents sent = SentEvents.of(manifest);
    try (Lake opened = Lake.open(lake);
        RestClient rest = RestClient.builder(HttpHost.create(elasticsearch)).build();
        RestClientTransport transport = new RestClientTransport(rest, new JacksonJsonpMapper())) {
      SmokeCheck check =
          new SmokeCheck(
              new LakeView(opened.events()),
              new IndexView(new ElasticsearchClient(transport), new IndexLayout(indexPrefix)),
              api == null
                  ? List.of()
                  : List.of(HttpCounter.count(api), HttpCounter.seedCount(api)));
      Findings findings = await(check, sent);
      print(sent, findings);
      return findings.isEqual() ? 0 : 1;
    }
  }

  /** Looks again until all is equal or the time is over; a place that does not answer is a wait. */
  private Findings await(SmokeCheck check, SentEvents sent)
      throws IOException, InterruptedException {
    long startedNanos = System.nanoTime();
    long deadlineNanos = startedNanos + TimeUnit.SECONDS.toNanos(seconds);
    String lastTold = "";
    while (true) {
      String progress;
      try {
        // Counts are many questions: they wait until the ids are there.
        Findings findings = check.lookAtIds(sent);
        if (findings.isEqual() || sent.keys().isEmpty() || System.nanoTime() > deadlineNanos) {
          findings = check.look(sent);
          if (findings.isEqual() || sent.keys().isEmpty() || System.nanoTime() > deadlineNanos) {
            return findings;
          }
        }
        progress =
            findings.differences().size() + " differences, first: " + findings.differences().get(0);
      } catch (IOException e) {
        if (System.nanoTime() > deadlineNanos) {
          throw e;
        }
        progress = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      }
      if (!progress.equals(lastTold)) {
        long elapsed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
        System.err.printf("%4d s  %s%n", elapsed, progress);
        lastTold = progress;
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  private static void print(SentEvents sent, Findings findings) {
    if (!sent.keys().isEmpty()) {
      System.out.printf(
          "Events from %s to %s%n",
          Timestamps.isoMicros(sent.range().startMicros()),
          Timestamps.isoMicros(sent.range().endMicros()));
    }
    findings.sizes().forEach(line -> System.out.println("  " + line));
    findings.differences().forEach(line -> System.out.println("  DIFFERENCE " + line));
    System.out.println(
        findings.isEqual()
            ? "Smoke check passed: every event is everywhere, once."
            : "Smoke check FAILED.");
  }
}
