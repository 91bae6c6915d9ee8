package io.tributary.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.engine.Engine;
import io.tributary.lake.audit.JudgedOffsets;
import io.tributary.lake.index.IndexAdministration;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.LakeTable;
import io.tributary.lake.table.OffsetRange;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where the stream's queries stand, so that what is on its way is not taken for a difference. */
final class Positions {
  private Positions() {}

  /** The offsets that both queries have dealt with. To be asked before either side is read. */
  static JudgedOffsets judged(Engine engine, String lakeRoot, IndexAdministration administration)
      throws IOException {
    Optional<CommittedOffsets> lake =
        LakeTable.newestCommit(engine, lakeRoot, LakeLayout.EVENTS, "lake")
            .map(commit -> CommittedOffsets.after(commit.offsets()));
    if (lake.isEmpty()) {
      return JudgedOffsets.all();
    }
    JsonNode index = administration.status("index").orElse(null);
    return index == null
        ? new JudgedOffsets(lake.get(), List.of())
        : new JudgedOffsets(
            CommittedOffsets.after(first(lake.get(), done(index.path("offsets")))),
            owed(index.path("owed")));
  }

  private static Map<String, Map<Integer, Long>> done(JsonNode offsets) {
    Map<String, Map<Integer, Long>> done = new TreeMap<>();
    for (JsonNode entry : offsets) {
      done.computeIfAbsent(entry.path("topic").asText(), topic -> new TreeMap<>())
          .put(entry.path("partition").asInt(), entry.path("done").asLong());
    }
    return done;
  }

  private static List<OffsetRange> first(
      CommittedOffsets lake, Map<String, Map<Integer, Long>> index) {
    List<OffsetRange> first = new ArrayList<>();
    lake.byTopic()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, next) -> {
                      long both =
                          Math.min(
                              next,
                              index
                                  .getOrDefault(topic, Map.of())
                                  .getOrDefault(partition, Long.MAX_VALUE));
                      first.add(new OffsetRange(topic, partition, both, both));
                    }));
    return first;
  }

  private static List<OffsetRange> owed(JsonNode owed) {
    List<OffsetRange> ranges = new ArrayList<>();
    for (JsonNode range : owed) {
      ranges.add(
          new OffsetRange(
              range.path("topic").asText(),
              range.path("partition").asInt(),
              range.path("from").asLong(),
              range.path("until").asLong()));
    }
    return ranges;
  }
}
