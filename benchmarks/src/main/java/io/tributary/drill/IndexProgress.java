package io.tributary.drill;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.layout.IndexLayout;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far the index is, asked past the proxy. */
final class IndexProgress {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern COUNT = Pattern.compile("\"count\":(\\d+)");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final String elasticsearch;
  private final IndexLayout layout = new IndexLayout();
  private final HttpClient client = HttpClient.newHttpClient();

  IndexProgress(String elasticsearch) {
    this.elasticsearch = elasticsearch;
  }

  /** How many documents of events there are; -1 when Elasticsearch does not answer. */
  long documents() throws InterruptedException {
    try {
      ask("/" + layout.eventsPattern() + "/_refresh");
      Matcher count = COUNT.matcher(ask("/" + layout.eventsPattern() + "/_count"));
      return count.find() ? Long.parseLong(count.group(1)) : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** How many documents there are of some events; -1 when Elasticsearch does not answer. */
  long documentsOf(List<String> eventIds) throws InterruptedException {
    if (eventIds.isEmpty()) {
      return 0;
    }
    ObjectNode query = JSON.createObjectNode();
    query.putObject("query").putObject("ids").set("values", JSON.valueToTree(eventIds));
    try {
      Matcher count =
          COUNT.matcher(
              answer(
                  request("/" + layout.eventsPattern() + "/_count")
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(query.toString()))));
      return count.find() ? Long.parseLong(count.group(1)) : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** The ends of the topic as the job's lake query has last seen them, by partition. */
  Map<Integer, Long> endsSeen() throws IOException, InterruptedException {
    Map<Integer, Long> ends = new TreeMap<>();
    JSON.readTree(ask("/" + layout.statusIndex() + "/_doc/lake"))
        .path("_source")
        .path("offsets")
        .forEach(
            partition ->
                ends.put(partition.path("partition").asInt(), partition.path("end").asLong()));
    return ends;
  }

  private String ask(String path) throws IOException, InterruptedException {
    return answer(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(elasticsearch + path)).timeout(LIMIT);
  }

  private String answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }
}
