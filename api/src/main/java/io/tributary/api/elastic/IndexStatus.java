package io.tributary.api.elastic;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch.core.GetResponse;
import com.fasterxml.jackson.databind.JsonNode;
import io.tributary.api.elastic.IndexClient.AnswerTooLargeException;
import io.tributary.layout.IndexLayout;
import io.tributary.query.QueryUnavailableException;
import io.tributary.query.SourceMeta;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * How far the index has come, as the streaming job wrote it last. Read before the question it goes
 * with, so that it never promises more than the answer holds; kept for a second at most.
 */
public final class IndexStatus {
  private static final String DOCUMENT = "index";
  private static final Duration KEPT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final IndexClient client;
  private final IndexLayout layout;
  private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

  /** Reads by this client. */
  public IndexStatus(IndexClient client, IndexLayout layout) {
    this.client = client;
    this.layout = layout;
  }

  /** Never fails: what can't be read is unknown, with the reason. */
  SourceMeta read(Deadline deadline) {
    Known last = known.get();
    if (last != null && System.nanoTime() - last.readNanos < KEPT.toNanos()) {
      return last.meta;
    }
    SourceMeta meta = readNow(deadline.within(PATIENCE));
    known.set(new Known(meta, System.nanoTime()));
    return meta;
  }

  private SourceMeta readNow(Deadline deadline) {
    try {
      GetResponse<JsonNode> answer =
          client.ask(
              deadline,
              elasticsearch ->
                  elasticsearch.get(
                      get -> get.index(layout.statusIndex()).id(DOCUMENT), JsonNode.class));
      return answer.found()
          ? meta(answer.source())
          : unknown("the streaming job has not written its status yet");
    } catch (ElasticsearchException noIndex) {
      return unknown("the streaming job has not written its status yet");
    } catch (QueryUnavailableException unreadable) {
      return unknown("the status can't be read: " + unreadable.reason());
    } catch (AnswerTooLargeException absurd) {
      return unknown("the status is too large to read");
    }
  }

  private static SourceMeta meta(@Nullable JsonNode status) {
    if (status == null) {
      return unknown("the status is empty");
    }
    Long dataVersion =
        status.path("data_version").isIntegralNumber()
            ? status.path("data_version").longValue()
            : null;
    String text = status.path("complete_through").textValue();
    if (text == null) {
      String reason = status.path("complete_through_reason").textValue();
      return new SourceMeta(
          IndexClient.SOURCE,
          null,
          reason == null ? "the streaming job does not know it" : reason,
          dataVersion);
    }
    try {
      return new SourceMeta(IndexClient.SOURCE, Instant.parse(text), null, dataVersion);
    } catch (DateTimeParseException malformed) {
      return new SourceMeta(IndexClient.SOURCE, null, "the status is malformed", dataVersion);
    }
  }

  private static SourceMeta unknown(String reason) {
    return new SourceMeta(IndexClient.SOURCE, null, reason, null);
  }

  private record Known(SourceMeta meta, long readNanos) {}
}
