package io.tributary.api.elastic;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch.core.MgetResponse;
import co.elastic.clients.elasticsearch.core.mget.MultiGetResponseItem;
import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.api.elastic.IndexClient.AnswerTooLargeException;
import io.tributary.api.health.Check;
import io.tributary.layout.IndexLayout;
import io.tributary.query.QueryUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the streaming job does its work: it runs, nothing was lost on the way, and the index is
 * owed nothing. Says what is wrong and makes nobody unready: what can be collected and asked can be
 * collected and asked beside it.
 */
public final class PipelineCheck implements Check {
  /** A job renews its status every second; older than this, nobody does. */
  private static final Duration STALE = Duration.ofSeconds(15);

  private static final List<String> QUERIES = List.of("lake", "index");

  private final IndexClient client;
  private final IndexLayout layout;
  private final Clock clock;

  /** Asks by this client. */
  public PipelineCheck(IndexClient client, IndexLayout layout, Clock clock) {
    this.client = client;
    this.layout = layout;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public Result run(Duration patience) {
    try {
      MgetResponse<JsonNode> answer =
          client.ask(
              Deadline.in(patience),
              elasticsearch ->
                  elasticsearch.mget(
                      request -> request.index(layout.statusIndex()).ids(QUERIES), JsonNode.class));
      List<String> troubles = new ArrayList<>();
      List<MultiGetResponseItem<JsonNode>> items = answer.docs();
      for (int i = 0; i < items.size(); i++) {
        troubles.addAll(troubles(QUERIES.get(i), items.get(i)));
      }
      return troubles.isEmpty()
          ? Result.passed("both queries run, nothing is lost or owed")
          : Result.failed(String.join("; ", troubles));
    } catch (QueryUnavailableException unavailable) {
      return Result.failed("its status can't be read: " + unavailable.reason());
    } catch (ElasticsearchException | AnswerTooLargeException unreadable) {
      return Result.failed("the streaming job has not written its status yet");
    }
  }

  private List<String> troubles(String query, MultiGetResponseItem<JsonNode> item) {
    JsonNode status = item.isResult() ? item.result().source() : null;
    if (status == null) {
      return List.of("the %s query has not written its status yet".formatted(query));
    }
    List<String> troubles = new ArrayList<>();
    String state = status.path("state").asText();
    if (!state.equals("running")) {
      troubles.add(
          "the %s query is %s%s"
              .formatted(
                  query,
                  state,
                  status.path("problem").isTextual()
                      ? " (" + status.path("problem").textValue() + ")"
                      : ""));
    } else if (isStale(status)) {
      troubles.add(
          "the %s query has shown no sign of life since %s"
              .formatted(query, status.path("updated_at").asText()));
    }
    status
        .path("gaps")
        .forEach(
            gap ->
                troubles.add(
                    "Kafka lost offsets %d to %d of %s-%d before they were read"
                        .formatted(
                            gap.path("from").asLong(),
                            gap.path("until").asLong(),
                            gap.path("topic").asText(),
                            gap.path("partition").asInt())));
    if (!status.path("owed").isEmpty()) {
      troubles.add("the index is owed %d ranges of records".formatted(status.path("owed").size()));
    }
    return troubles;
  }

  private boolean isStale(JsonNode status) {
    try {
      Instant updated = Instant.parse(status.path("updated_at").asText());
      return Duration.between(updated, clock.instant()).compareTo(STALE) > 0;
    } catch (DateTimeParseException malformed) {
      return true;
    }
  }
}
