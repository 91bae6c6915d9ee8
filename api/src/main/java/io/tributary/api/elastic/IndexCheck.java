package io.tributary.api.elastic;

import co.elastic.clients.elasticsearch._types.ExpandWildcard;
import co.elastic.clients.elasticsearch._types.HealthStatus;
import co.elastic.clients.elasticsearch.cluster.HealthResponse;
import io.tributary.api.elastic.IndexClient.AnswerTooLargeException;
import io.tributary.api.health.Check;
import io.tributary.layout.IndexLayout;
import io.tributary.query.QueryUnavailableException;
import java.time.Duration;

/** Whether the cluster answers and has every shard of the event indices. */
public final class IndexCheck implements Check {
  private final IndexClient client;
  private final IndexLayout layout;

  /** Asks by this client. */
  public IndexCheck(IndexClient client, IndexLayout layout) {
    this.client = client;
    this.layout = layout;
  }

  @Override
  public String name() {
    return "elasticsearch";
  }

  @Override
  public Result run(Duration patience) {
    try {
      HealthResponse health =
          client.ask(
              Deadline.in(patience),
              elasticsearch ->
                  elasticsearch
                      .cluster()
                      .health(
                          request ->
                              request
                                  .index(layout.eventsPattern())
                                  .expandWildcards(ExpandWildcard.Open)
                                  .masterTimeout(time -> time.time(patience.toMillis() + "ms"))
                                  .timeout(time -> time.time(patience.toMillis() + "ms"))));
      return health.status() == HealthStatus.Red
          ? Result.failed("the event indices are red: shards are missing")
          : Result.passed("the event indices are " + health.status().jsonValue());
    } catch (QueryUnavailableException unavailable) {
      return Result.failed(unavailable.reason());
    } catch (AnswerTooLargeException absurd) {
      return Result.failed("what answers is not Elasticsearch");
    }
  }
}
