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

  /**
   * Tells from now on whether the index is still the one of now.
   *
   * @throws IndexNotOursException when it is not ours now
   */
  StillOurs now() {
    Since since = new Since(this, positions.madeAgain());
    since.require();
    return since;
  }

  /**
   * Why it is not the one of then; empty when it is. One that was wiped and is filled again by now
   * is another one.
   */
  private Optional<String> objection(long madeAgain) throws IOException {
    if (!positions.isBegun()) {
      return Optional.of("its query has not begun, or begins again");
    }
    if (!positions.isOurs()) {
      return Optional.of("it was wiped, or another job keeps its position");
    }
    if (positions.madeAgain() != madeAgain) {
      return Optional.of(
          "it was wiped, or days of it are made again, and its query has begun anew");
    }
    return positions.owed().stream().anyMatch(owed -> owed.reason() == Owed.Reason.NO_POSITION)
        ? Optional.of("it was wiped, and is being filled with everything")
        : Optional.empty();
  }

  private record Since(OurIndex index, long madeAgain) implements StillOurs {
    @Override
    public void require() {
      try {
        Optional<String> objection = index.objection(madeAgain);
        if (objection.isPresent()) {
          throw new IndexNotOursException(objection.get());
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
