package io.tributary.lake.audit;

import java.io.IOException;

/** Elasticsearch answered for a part of an index; the rest would look like missing documents. */
final class PartialAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  PartialAnswerException() {
    super("only a part of the shards answered");
  }
}
