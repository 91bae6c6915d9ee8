package io.tributary.lake.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Whether the index is still the one that is to be compared: somebody may wipe it meanwhile, and
 * all that it had would look like missing.
 */
@FunctionalInterface
public interface StillOurs {
  /**
   * Asked before a comparison, before its differences are told, and before anything is written.
   *
   * @throws IndexNotOursException when it is not: nothing is told, and nothing is written
   * @throws UncheckedIOException when Elasticsearch does not answer
   */
  void require();

  /**
   * The indices that were made without our templates, with how they show it. That such a one
   * refuses a document says nothing of the document.
   */
  default Map<String, String> foreign() throws IOException {
    return Map.of();
  }
}
