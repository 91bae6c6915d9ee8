package io.tributary.reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tributary.event.DigestParts;
import io.tributary.layout.IndexLayout;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Finds the documents that the index has under an event id. */
final class IndexTracer {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Duration TO_CONNECT = Duration.ofSeconds(2);
  private static final Duration TO_ANSWER = Duration.ofSeconds(10);
  private static final int MOST_DOCUMENTS = 1_000;

  private final String elasticsearch;
  private final IndexLayout layout;

  /**
   * @param elasticsearch its URL
   * @param prefix in front of the names of indices
   */
  IndexTracer(String elasticsearch, String prefix) {
    this.elasticsearch = elasticsearch.replaceFirst("/+$", "");
    this.layout = new IndexLayout(prefix);
  }

  /** The documents of one day's index or of all; never fails, but says why it cannot tell. */
  Trace.IndexAnswer documents(String eventId, @Nullable LocalDate day) throws InterruptedException {
    String indices = day == null ? layout.eventsPattern() : layout.eventsIndex(day);
    try {
      HttpResponse<String> response =
          HttpClient.newBuilder()
              .connectTimeout(TO_CONNECT)
              .build()
              .send(
                  HttpRequest.newBuilder(
                          URI.create(
                              "%s/%s/_search?ignore_unavailable=true&allow_no_indices=true&version=true&size=%d"
                                  .formatted(elasticsearch, indices, MOST_DOCUMENTS)))
                      .timeout(TO_ANSWER)
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(query(eventId)))
                      .build(),
                  HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      return response.statusCode() == 200
          ? new Trace.IndexAnswer.Documents(hits(response.body()))
          : unreachable("it answered " + response.statusCode());
    } catch (IOException | IllegalArgumentException e) {
      String message = e.getMessage();
      return unreachable(message == null ? e.getClass().getSimpleName() : message);
    }
  }

  private Trace.IndexAnswer unreachable(String why) {
    return new Trace.IndexAnswer.Unreachable(
        "Cannot ask Elasticsearch at %s: %s. Check that it runs and that TRIBUTARY_ELASTICSEARCH is right."
            .formatted(elasticsearch, why));
  }

  private static String query(String eventId) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeObjectFieldStart("query");
      json.writeObjectFieldStart("ids");
      json.writeArrayFieldStart("values");
      json.writeString(eventId);
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static List<Trace.Document> hits(String answer) throws IOException {
    List<Trace.Document> documents = new ArrayList<>();
    try (JsonParser parser = JsonMembers.ANY_JSON.createParser(answer)) {
      String index = "";
      long version = 0;
      while (parser.nextToken() != null) {
        if (parser.currentToken() != JsonToken.FIELD_NAME) {
          continue;
        }
        switch (parser.currentName()) {
          case "_index" -> index = parser.nextTextValue();
          case "_version" -> version = parser.nextLongValue(0);
          case "_source" -> {
            parser.nextToken();
            int start = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            String source = answer.substring(start, (int) parser.currentLocation().getCharOffset());
            documents.add(new Trace.Document(index, version, digest(source), source));
          }
          default -> {
            // Of no use here.
          }
        }
      }
    }
    return documents;
  }

  private static @Nullable Long digest(String source) {
    OptionalLong d0 = JsonMembers.number(source, "d0");
    OptionalLong d1 = JsonMembers.number(source, "d1");
    OptionalLong d2 = JsonMembers.number(source, "d2");
    return d0.isEmpty() || d1.isEmpty() || d2.isEmpty()
        ? null
        : new DigestParts((int) d0.getAsLong(), (int) d1.getAsLong(), (int) d2.getAsLong())
            .digest();
  }
}
