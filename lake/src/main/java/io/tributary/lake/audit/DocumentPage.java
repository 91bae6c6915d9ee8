package io.tributary.lake.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tributary.event.DigestParts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A page of a search.
 *
 * @param pointInTime the id to go on with, which may be another one than before
 * @param last the sort value of its last document
 */
record DocumentPage(String pointInTime, List<FoundDocument> documents, long last) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long NO_DIGEST = -1;

  /** What is in a document is not ours to limit. */
  private static final JsonFactory PAGES =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /**
   * Reads an answer without making trees of the documents in it: their text is what is wanted, byte
   * by byte.
   */
  static DocumentPage read(byte[] answer) throws IOException {
    List<FoundDocument> documents = new ArrayList<>();
    String pointInTime = "";
    long last = 0;
    try (JsonParser parser = PAGES.createParser(answer)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token != JsonToken.FIELD_NAME) {
          continue;
        }
        boolean top = parser.getParsingContext().getParent().inRoot();
        if (top && parser.currentName().equals("_shards")) {
          parser.nextToken();
          requireAllShards(JSON.readTree(parser));
        } else if (top && parser.currentName().equals("pit_id")) {
          pointInTime = parser.nextTextValue();
        } else if (!top && parser.currentName().equals("hits")) {
          parser.nextToken();
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            Hit hit = Hit.read(parser, answer);
            documents.add(hit.document());
            last = hit.sort();
          }
        }
      }
    }
    return new DocumentPage(pointInTime, documents, last);
  }

  private static void requireAllShards(JsonNode shards) throws IOException {
    if (shards.path("failed").asInt() > 0) {
      throw new PartialAnswerException();
    }
  }

  private record Hit(FoundDocument document, long sort) {
    static Hit read(JsonParser parser, byte[] answer) throws IOException {
      String id = "";
      long sequenceNumber = -1;
      long primaryTerm = -1;
      long sort = 0;
      byte[] source = {};
      Map<String, Integer> parts = Map.of();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "_id" -> id = parser.getText();
          case "_seq_no" -> sequenceNumber = parser.getLongValue();
          case "_primary_term" -> primaryTerm = parser.getLongValue();
          case "sort" -> sort = ((JsonNode) JSON.readTree(parser)).path(0).asLong();
          case "fields" -> parts = parts(JSON.readTree(parser));
          case "_source" -> {
            int start = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            source =
                Arrays.copyOfRange(answer, start, (int) parser.currentLocation().getByteOffset());
          }
          default -> parser.skipChildren();
        }
      }
      return new Hit(
          new FoundDocument(id, digest(parts), sequenceNumber, primaryTerm, source), sort);
    }

    private static Map<String, Integer> parts(JsonNode fields) {
      Map<String, Integer> parts = new TreeMap<>();
      for (String part : List.of("d0", "d1", "d2")) {
        Optional.ofNullable(fields.path(part).get(0))
            .ifPresent(value -> parts.put(part, value.asInt()));
      }
      return parts;
    }

    private static long digest(Map<String, Integer> parts) {
      Integer d0 = parts.get("d0");
      Integer d1 = parts.get("d1");
      Integer d2 = parts.get("d2");
      return d0 == null || d1 == null || d2 == null
          ? NO_DIGEST
          : new DigestParts(d0, d1, d2).digest();
    }
  }
}
