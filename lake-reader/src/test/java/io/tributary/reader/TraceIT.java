package io.tributary.reader;

import static io.tributary.reader.EventTable.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.stack.SharedLocalStack;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trace says of documents, by a real Elasticsearch. */
class TraceIT {
  private final String elasticsearch = SharedLocalStack.running().elasticsearch();
  private final StringWriter out = new StringWriter();

  private void put(String path, String document) throws IOException, InterruptedException {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(elasticsearch + path + "?refresh=true"))
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString(document))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isIn(200, 201);
  }

  @Test
  void documents_are_compared_with_the_rows(@TempDir Path root) throws Exception {
    EventTable.create(root.toString())
        .append(
            event("a b/c", "view", "2016-06-01T01:10:00Z"),
            event("gone", "view", "2016-06-01T01:11:00Z"));
    put(
        "/trace-it-events-2016.06.01/_doc/a%20b%2Fc",
        "{\"d0\":0,\"d1\":0,\"d2\":0,\"x\":1.10,\"n\":{\"a\":1}}");
    put("/trace-it-events-2016.06.02/_doc/a%20b%2Fc", "{\"d0\":1,\"d1\":0,\"d2\":0}");

    assertThat(run(root, "a b/c")).isZero();
    assertThat(out.toString().lines())
        .contains(
            "document   trace-it-events-2016.06.01, version 1: holds what the row holds",
            "document   trace-it-events-2016.06.02, version 1: no row holds the same");

    assertThat(run(root, "gone")).isZero();
    assertThat(out.toString()).endsWith("index      no document\n");

    assertThat(run(root, "a b/c", "--json", "--day", "2016-06-01")).isZero();
    assertThat(out.toString())
        .endsWith(
            "\"index\":{\"reachable\":true,\"documents\":[{\"index\":\"trace-it-events-2016.06.01\",\"version\":1,\"agrees\":true,\"source\":{\"d0\":0,\"d1\":0,\"d2\":0,\"x\":1.10,\"n\":{\"a\":1}}}]}}\n");
  }

  private int run(Path root, String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 6);
    all[arguments.length] = "--lake";
    all[arguments.length + 1] = root.toString();
    all[arguments.length + 2] = "--elasticsearch";
    all[arguments.length + 3] = elasticsearch;
    all[arguments.length + 4] = "--index-prefix";
    all[arguments.length + 5] = "trace-it-";
    return TraceMain.command()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(all);
  }
}
