package io.tributary.lake.audit;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.index.IndexPosition;
import io.tributary.lake.index.Owed;
import io.tributary.lake.index.StoredDocument;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamTable;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the stream's queries stand, so that what is on its way is not taken for a difference. */
public final class Positions {
  private Positions() {}

  /**
   * The offsets that both queries have dealt with. To be asked before either side is read.
   *
   * @throws IOException when Elasticsearch does not answer
   */
  public static JudgedOffsets judged(
      Engine engine, String lakeRoot, IndexAdministration administration) throws IOException {
    Optional<CommittedOffsets> lake =
        StreamTable.newestCommit(engine, lakeRoot, LakeLayout.EVENTS, "lake")
            .map(commit -> CommittedOffsets.after(commit.offsets()));
    if (lake.isEmpty()) {
      return JudgedOffsets.all();
    }
    Optional<StoredDocument> stored = administration.document(IndexPosition.DOCUMENT_ID);
    if (stored.isEmpty()) {
      return new JudgedOffsets(lake.get(), List.of());
    }
    IndexPosition index = IndexPosition.fromJson(stored.get().source().toString());
    return new JudgedOffsets(
        CommittedOffsets.after(first(lake.get(), index.committed())),
        index.owed().stream().map(Owed::ranges).flatMap(List::stream).toList());
  }

  private static List<OffsetRange> first(CommittedOffsets lake, CommittedOffsets index) {
    List<OffsetRange> first = new ArrayList<>();
    lake.byTopic()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, next) -> {
                      long both =
                          index.knows(topic, partition)
                              ? Math.min(next, index.next(topic, partition))
                              : next;
                      first.add(new OffsetRange(topic, partition, both, both));
                    }));
    return first;
  }
}
