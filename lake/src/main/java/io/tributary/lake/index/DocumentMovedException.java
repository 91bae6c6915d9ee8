package io.tributary.lake.index;

import java.io.IOException;

/** A document is not as it was left: somebody else has changed or deleted it. */
public final class DocumentMovedException extends IOException {
  private static final long serialVersionUID = 1;

  DocumentMovedException(String index, String id, Throwable cause) {
    super(
        "Document %s of %s is not as this job left it: the index was wiped, or another job writes to it"
            .formatted(id, index),
        cause);
  }
}
