package io.tributary.lake.index;

import com.fasterxml.jackson.databind.JsonNode;

/** A document as Elasticsearch keeps it. */
public record StoredDocument(JsonNode source, Version version) {
  /** Tells one state of a document from any other. */
  public record Version(long sequenceNumber, long primaryTerm) {}
}
