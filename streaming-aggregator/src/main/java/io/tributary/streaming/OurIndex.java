package io.tributary.streaming;

import io.tributary.event.TypedField;
import io.tributary.lake.audit.IndexNotOursException;
import io.tributary.lake.audit.StillOurs;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.index.StoredDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The index as this job's index query keeps it, and not while it is filled with everything: all
 * that it does not have yet would be missing.
 */
record OurIndex(
    IndexAdministration administration, IndexPositions positions, List<TypedField> fields) {

  /** Tells from now on whether the index is still the one of now; empty when it is not ours. */
  Optional<StillOurs> now() throws IOException {
    Optional<StoredDocument.Version> now =
        administration.document(IndexPosition.DOCUMENT_ID).map(StoredDocument::version);
    return now.isPresent() && isSince(now.get())
        ? Optional.of(new Since(this, now.get()))
        : Optional.empty();
  }

  private boolean isSince(StoredDocument.Version version) throws IOException {
    Optional<StoredDocument> stored = administration.document(IndexPosition.DOCUMENT_ID);
    // One that was made anew counts its changes from the beginning, and may be filled by now.
    return stored.isPresent()
        && stored.get().version().sequenceNumber() >= version.sequenceNumber()
        && stored.get().version().primaryTerm() >= version.primaryTerm()
        && positions.isOurs()
        && positions.owed().stream().noneMatch(owed -> owed.reason() == Owed.Reason.NO_POSITION);
  }

  private record Since(OurIndex index, StoredDocument.Version version) implements StillOurs {
    @Override
    public void require() {
      try {
        if (!index.isSince(version)) {
          throw new IndexNotOursException();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(
            "Cannot read the position of the index: %s. Check that Elasticsearch runs."
                .formatted(e.getMessage()),
            e);
      }
    }

    @Override
    public Map<String, String> foreign() throws IOException {
      return index.administration().foreignEvents(index.fields());
    }
  }
}
