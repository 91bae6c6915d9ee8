package io.tributary.streaming;

import io.tributary.lake.index.IndexAdministration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** What must hold for documents to be written to the index, and for its refusals to be believed. */
final class IndexChecks {
  private final StreamingConfiguration configuration;
  private final IndexAdministration administration;
  private final IndexPositions positions;

  IndexChecks(
      StreamingConfiguration configuration,
      IndexAdministration administration,
      IndexPositions positions) {
    this.configuration = configuration;
    this.administration = administration;
    this.positions = positions;
  }

  /** Without its templates an index would be made of the first document, and be a wrong one. */
  void refuseIfWiped() {
    try {
      if (!positions.isOurs()) {
        throw new WipedException();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What was refused by an index that was made while somebody wiped ours is refused by no other.
   */
  void refuseIfForeign() {
    refuseIfWiped();
    try {
      Map<String, String> foreign = administration.foreignEvents(configuration.fields());
      if (!foreign.isEmpty()) {
        throw new ForeignException(foreign);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The position in the index is not the one this job left there. */
  static final class WipedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    WipedException() {
      super(
          "The position kept in the index is not as this job left it: the index was wiped, or"
              + " another job writes to it; the query starts anew from what is there");
    }
  }

  /** Documents were refused by indices that are not ours. */
  static final class ForeignException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForeignException(Map<String, String> foreign) {
      super(
          "Documents were refused by indices that were made without our templates (%s): the query starts anew and makes them again"
              .formatted(foreign));
    }
  }
}
