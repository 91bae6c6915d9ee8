package io.tributary.lake.audit;

import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.StoredDocument;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import io.tributary.lake.table.TableLog;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;

/** Where the stream's queries stand, so that what is on its way is not taken for a difference. */
public final class Positions {
  private Positions() {}

  /**
   * Which rows of the newest version of {@code events} both queries have dealt with. To be asked
   * before the index is read: the version is taken first, so that all documents of the rows that
   * are judged are there by then.
   *
   * @throws IOException when Elasticsearch does not answer, or the table's log cannot be read
   */
  public static JudgedOffsets judged(
      Engine engine, Configuration hadoop, String lakeRoot, IndexAdministration administration)
      throws IOException {
    OptionalLong version = newestVersion(engine, lakeRoot);
    Optional<StreamCommit> lake = StreamTable.newestOfLake(engine, lakeRoot);
    if (version.isEmpty()) {
      return JudgedOffsets.all();
    }
    Optional<IndexPosition> index = index(administration);
    if (lake.isEmpty()) {
      // A lake of imported events alone: none is on its way, but all may be owed.
      return new JudgedOffsets(
          version,
          CommittedOffsets.none(),
          index.map(IndexPosition::owed).orElse(List.of()),
          List.of(),
          JudgedOffsets.Certainty.KNOWN);
    }
    CommittedOffsets read = CommittedOffsets.after(lake.get().offsets());
    if (index.isEmpty()) {
      return new JudgedOffsets(version, read, List.of(), List.of(), JudgedOffsets.Certainty.KNOWN);
    }
    Optional<List<OnTheirWay>> open =
        new CommitsAhead(
                TableLog.of(lakeRoot, LakeLayout.EVENTS, hadoop),
                index.get().committed(),
                index.get().topicIds())
            .upTo(version.getAsLong());
    return new JudgedOffsets(
        version,
        first(read, index.get().committed()),
        index.get().owed(),
        open.orElseGet(() -> anywhere(read, index.get().committed())),
        open.isPresent() ? JudgedOffsets.Certainty.KNOWN : JudgedOffsets.Certainty.GUESSED);
  }

  private static OptionalLong newestVersion(Engine engine, String lakeRoot) {
    try {
      return OptionalLong.of(
          TableManager.loadSnapshot(LakeLayout.table(lakeRoot, LakeLayout.EVENTS))
              .build(engine)
              .getVersion());
    } catch (TableNotFoundException e) {
      return OptionalLong.empty();
    }
  }

  /** What the index says of its position; empty when it says nothing. */
  static Optional<IndexPosition> index(IndexAdministration administration) throws IOException {
    Optional<StoredDocument> stored = administration.status().document(IndexPosition.DOCUMENT_ID);
    return stored.isEmpty()
        ? Optional.empty()
        : Optional.of(IndexPosition.fromJson(stored.get().source().toString()));
  }

  private static List<OnTheirWay> anywhere(CommittedOffsets lake, CommittedOffsets index) {
    return List.of(new OnTheirWay(List.of(), DocumentSet.after(first(lake, index))));
  }

  private static CommittedOffsets first(CommittedOffsets lake, CommittedOffsets index) {
    List<OffsetRange> first = new ArrayList<>();
    lake.byTopic()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, next) -> {
                      long both =
                          index.byTopic().containsKey(topic)
                              ? Math.min(next, index.next(topic, partition))
                              : next;
                      first.add(new OffsetRange(topic, partition, both, both));
                    }));
    return CommittedOffsets.after(first);
  }
}
