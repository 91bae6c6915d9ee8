package io.tributary.streaming;

import io.tributary.event.TypedField;
import io.tributary.lake.audit.IndexNotOursException;
import io.tributary.lake.audit.StillOurs;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.Owed;
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
    long begun = positions.begun();
    return isSince(begun) ? Optional.of(new Since(this, begun)) : Optional.empty();
  }

  /** One that was wiped and is filled again by now is another: the query has begun anew with it. */
  private boolean isSince(long begun) throws IOException {
    return positions.isOurs()
        && positions.begun() == begun
        && positions.owed().stream().noneMatch(owed -> owed.reason() == Owed.Reason.NO_POSITION);
  }

  private record Since(OurIndex index, long begun) implements StillOurs {
    @Override
    public void require() {
      try {
        if (!index.isSince(begun)) {
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
