package io.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tributary.smoke.SmokeMain;
import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.http.HttpHost;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * What is sent is in Delta, in Elasticsearch and in both count routes: the same ids, and the same
 * counts per type and hour. The programs run as users run them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndToEndIT {
  private static final Path CHECKOUT =
      Path.of(System.getProperty("tributary.checkout", "..")).toAbsolutePath().normalize();
  private static final Path PUBLIC_DATA = CHECKOUT.resolveSibling("shared").resolve("data");
  private static final int GITHUB_EVENTS = 7_702;
  private static final int WIKIPEDIA_EDITS = 39_244;

  private final String prefix = "e2e-" + UUID.randomUUID() + "-";
  private Path home = Path.of("");
  private Map<String, String> environment = Map.of();
  private RunningPrograms programs;

  @BeforeAll
  void startPrograms(@TempDir Path folder) throws IOException {
    home = folder;
    environment =
        Map.of(
            "TRIBUTARY_KAFKA", SharedLocalStack.running().kafka(),
            "TRIBUTARY_TOPIC", "e2e-" + UUID.randomUUID(),
            "TRIBUTARY_ELASTICSEARCH", SharedLocalStack.running().elasticsearch(),
            "TRIBUTARY_INDEX_PREFIX", prefix,
            "TRIBUTARY_LAKE", folder.resolve("lake").toString(),
            "TRIBUTARY_CHECKPOINTS", folder.resolve("checkpoints").toString());
    programs = RunningPrograms.start(environment, folder);
  }

  @AfterAll
  void stopPrograms() throws InterruptedException {
    programs.close();
  }

  @Test
  void theSampleArrivesEverywhereAndOneMissingDocumentIsNoticed() throws Exception {
    Path manifest = home.resolve("sample.manifest");
    programs.run(
        "produce",
        "--file",
        CHECKOUT.resolve("data/sample-events.ndjson.gz").toString(),
        "--manifest",
        manifest.toString());

    assertThat(check(manifest, 180)).as(programs.logs()).isZero();

    deleteOneDocument();
    assertThat(check(manifest, 3)).isEqualTo(1);
  }

  @Test
  void anHourOfGitHubArrivesEverywhere() throws Exception {
    Path file = publicData("gharchive/2015-01-01-0.json.gz");
    Path manifest = home.resolve("github.manifest");
    programs.run(
        "produce",
        "--file",
        file.toString(),
        "--type-field",
        "type",
        "--time-field",
        "created_at",
        "--id-field",
        "id",
        "--manifest",
        manifest.toString());

    assertThat(Files.readAllLines(manifest)).hasSize(GITHUB_EVENTS);
    assertThat(check(manifest, 240)).as(programs.logs()).isZero();
  }

  @Test
  void editsOfWikipediaOnManyDaysArriveEverywhere() throws Exception {
    Path file = publicData("wikiticker/wikiticker-2015-09-12-sampled.json.gz");
    Path manifest = home.resolve("wikipedia.manifest");
    programs.run(
        "produce",
        "--file",
        file.toString(),
        "--type-field",
        "channel",
        "--time-field",
        "time",
        "--manifest",
        manifest.toString());

    assertThat(Files.readAllLines(manifest)).hasSize(WIKIPEDIA_EDITS);
    assertThat(check(manifest, 300)).as(programs.logs()).isZero();
  }

  private int check(Path manifest, int seconds) {
    return new CommandLine(new SmokeMain())
        .execute(
            "--manifest",
            manifest.toString(),
            "--lake",
            environment.get("TRIBUTARY_LAKE"),
            "--elasticsearch",
            environment.get("TRIBUTARY_ELASTICSEARCH"),
            "--index-prefix",
            prefix,
            "--api",
            programs.apiUrl(),
            "--seconds",
            Integer.toString(seconds));
  }

  /** Takes one document out of the sample's busiest day, behind everyone's back. */
  private void deleteOneDocument() throws IOException {
    try (RestClient client =
        RestClient.builder(HttpHost.create(SharedLocalStack.running().elasticsearch())).build()) {
      Request search = new Request("GET", "/%sevents-2025.03.10/_search".formatted(prefix));
      search.setJsonEntity("{\"size\":1,\"_source\":false}");
      String answer =
          new String(
              client.performRequest(search).getEntity().getContent().readAllBytes(),
              java.nio.charset.StandardCharsets.UTF_8);
      String id = answer.replaceAll("(?s).*\"_id\":\"([^\"]+)\".*", "$1");
      client.performRequest(
          new Request(
              "DELETE",
              "/%sevents-2025.03.10/_doc/%s?refresh=true"
                  .formatted(
                      prefix,
                      java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8))));
    }
  }

  private static Path publicData(String name) {
    Path file = PUBLIC_DATA.resolve(name);
    assumeTrue(
        Files.exists(file),
        "skipped: the public data set %s is not beside the checkout".formatted(name));
    return file;
  }
}
