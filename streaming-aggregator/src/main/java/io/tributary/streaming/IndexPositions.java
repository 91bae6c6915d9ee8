package io.tributary.streaming;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tributary.lake.index.DocumentMovedException;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.index.StoredDocument;
import io.tributary.lake.table.OffsetRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the position of the index query in the index, replaced only as this job left it: when
 * somebody wiped the index, or another job keeps it too, the next write is refused and the query
 * starts anew from what is there.
 *
 * <p>Thread-safe: the query advances it, the filling of what is owed settles debts.
 */
final class IndexPositions {
  private final IndexAdministration administration;

  /**
   * Null between a look at where to begin and the start from there. Nobody writes to the index
   * then, and what fills it sees no debt.
   */
  private @Nullable IndexPosition position;

  private StoredDocument.@Nullable Version version;
  private long begun;
  private long madeAgain;

  IndexPositions(IndexAdministration administration) {
    this.administration = administration;
  }

  /**
   * What the index says; empty when it says nothing.
   *
   * @throws IOException when Elasticsearch does not answer, or the document cannot be read
   */
  synchronized Optional<IndexPosition> read() throws IOException {
    position = null;
    Optional<StoredDocument> stored = administration.status().document(IndexPosition.DOCUMENT_ID);
    StoredDocument.Version found = stored.map(StoredDocument::version).orElse(null);
    if (found == null || !found.equals(version)) {
      madeAgain++;
    }
    version = found;
    return stored.isEmpty() ? Optional.empty() : Optional.of(parse(stored.get()));
  }

  private static IndexPosition parse(StoredDocument stored) throws JsonProcessingException {
    return IndexPosition.fromJson(stored.source().toString());
  }

  /**
   * Fails while no position can be kept. Says nothing new: what {@link #read} gave is written once
   * more; where that was nothing, something that is no position is.
   */
  synchronized void tryToKeep(Optional<IndexPosition> stored) throws IOException {
    if (stored.isPresent()) {
      version = write(stored.get());
    } else {
      administration.status().tryOut();
    }
  }

  /** What is done once a position is kept and before anybody goes by it. */
  interface Following {
    void run() throws IOException;
  }

  /**
   * Replaces what {@link #read} gave. If what follows fails, the position stays kept and the query
   * is not begun: the next start finds it.
   */
  synchronized void start(IndexPosition begin, Following following) throws IOException {
    version = write(begin);
    // Also by an older debt: its indices may be deleted only now.
    if (begin.owed().stream().anyMatch(owed -> owed.reason() == Owed.Reason.INDEX_MADE_AGAIN)) {
      madeAgain++;
    }
    following.run();
    position = begin;
    begun++;
  }

  /** How often the query has begun. */
  synchronized long begun() {
    return begun;
  }

  /**
   * Has somebody told what is owed, oldest debt first, if the query has begun and is not looking
   * where to begin anew. It does not look there before that is done: what is told is never older
   * than what the next start tells.
   */
  synchronized void ifBegun(Consumer<List<Owed>> owed) {
    IndexPosition current = position;
    if (current != null) {
      owed.accept(current.owed());
    }
  }

  /**
   * Changes when the index may have lost something, and not when the query goes on from the
   * position that it left: when there is none, or somebody else's, or days are made again.
   */
  synchronized long madeAgain() {
    return madeAgain;
  }

  /** Whether the query has begun, and is not looking where to begin anew. */
  synchronized boolean isBegun() {
    return position != null;
  }

  /**
   * Whether the query goes on from a position that the index does not say any more; while it begins
   * anew there is none to lose. The same position written by another job is no loss: two that took
   * a silent index from each other would never end.
   */
  synchronized boolean isLost() throws IOException {
    IndexPosition current = position;
    if (current == null) {
      return false;
    }
    Optional<StoredDocument> stored = administration.status().document(IndexPosition.DOCUMENT_ID);
    if (stored.isEmpty() || !parse(stored.get()).equals(current)) {
      return true;
    }
    version = stored.get().version();
    return false;
  }

  /** Whether the query has begun, and the index still says what this job wrote. */
  synchronized boolean isOurs() throws IOException {
    if (position == null) {
      return false;
    }
    Optional<StoredDocument> stored = administration.status().document(IndexPosition.DOCUMENT_ID);
    return stored.isPresent() && stored.get().version().equals(version);
  }

  synchronized void advance(List<OffsetRange> ranges) throws IOException {
    change(current -> current.advancedBy(ranges));
  }

  /** What is owed, oldest debt first; nothing before the query has begun. */
  synchronized List<Owed> owed() {
    IndexPosition current = position;
    return current == null ? List.of() : current.owed();
  }

  /** The ids of the topics that the query reads. */
  synchronized Map<String, String> topicIds() {
    IndexPosition current = position;
    return current == null ? Map.of() : current.topicIds();
  }

  /** A debt is filled down to an hour. */
  synchronized void filled(String id, long hour) throws IOException {
    changeOwed(id, owed -> Optional.of(owed.filledDownTo(hour)));
  }

  /** A debt is filled. */
  synchronized void settled(String id) throws IOException {
    changeOwed(id, owed -> Optional.empty());
  }

  private interface Change {
    Optional<Owed> of(Owed owed);
  }

  /** Whether a debt is still there: the query may have begun anew since, and owe something else. */
  synchronized boolean owes(String id) {
    return owed().stream().anyMatch(owed -> owed.id().equals(id));
  }

  private void changeOwed(String id, Change change) throws IOException {
    if (!owes(id)) {
      return;
    }
    change(
        current -> {
          List<Owed> left = new ArrayList<>();
          for (Owed owed : current.owed()) {
            (owed.id().equals(id) ? change.of(owed) : Optional.of(owed)).ifPresent(left::add);
          }
          return current.owing(left);
        });
  }

  private void change(UnaryOperator<IndexPosition> change) throws IOException {
    IndexPosition current = position;
    if (current == null) {
      throw new IllegalStateException("The index query has not begun");
    }
    IndexPosition next = change.apply(current);
    version = write(next);
    position = next;
  }

  private StoredDocument.Version write(IndexPosition next) throws IOException {
    try {
      return administration.status().replace(IndexPosition.DOCUMENT_ID, next.json(), version);
    } catch (DocumentMovedException e) {
      return versionOf(next).orElseThrow(() -> e);
    }
  }

  /** An earlier try may have come through although its answer did not. */
  private Optional<StoredDocument.Version> versionOf(IndexPosition wanted) throws IOException {
    Optional<StoredDocument> stored = administration.status().document(IndexPosition.DOCUMENT_ID);
    return stored.isPresent() && parse(stored.get()).equals(wanted)
        ? Optional.of(stored.get().version())
        : Optional.empty();
  }
}
