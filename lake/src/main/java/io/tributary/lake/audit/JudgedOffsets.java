package io.tributary.lake.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tributary.lake.table.CommittedOffsets;
import io.tributary.lake.table.OffsetRange;
import io.tributary.layout.LakeLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Which events a comparison judges while streams run: those that both queries have dealt with. An
 * event at or past a position is on its way and says nothing; neither does one whose document is
 * known to be owed. Imported events and documents without a record are always judged.
 *
 * @param until the next offset, by partition, that is not judged; partitions that are not named are
 *     judged whole
 * @param owed what the index query left out and has not filled yet
 */
public record JudgedOffsets(CommittedOffsets until, List<OffsetRange> owed) {
  private static final JsonMapper JSON = new JsonMapper();

  public JudgedOffsets {
    owed = List.copyOf(owed);
  }

  /** Judges everything: nothing runs. */
  public static JudgedOffsets all() {
    return new JudgedOffsets(CommittedOffsets.none(), List.of());
  }

  /** The condition under which a row is judged. */
  Column rows() {
    Column judged = lit(true);
    for (OffsetRange range : notJudged()) {
      Column within =
          col(LakeLayout.KAFKA_TOPIC)
              .equalTo(range.topic())
              .and(col(LakeLayout.KAFKA_PARTITION).equalTo(range.partition()))
              .and(col(LakeLayout.KAFKA_OFFSET).geq(range.from()))
              .and(col(LakeLayout.KAFKA_OFFSET).lt(range.until()));
      judged = judged.and(not(coalesce(within, lit(false))));
    }
    return judged;
  }

  /** The clauses of a query that match the documents that are not judged. */
  ArrayNode documentsNotJudged() {
    ArrayNode clauses = JSON.createArrayNode();
    for (OffsetRange range : notJudged()) {
      ArrayNode all = clauses.addObject().putObject("bool").putArray("filter");
      all.addObject().putObject("term").put(LakeLayout.KAFKA_TOPIC, range.topic());
      all.addObject().putObject("term").put(LakeLayout.KAFKA_PARTITION, range.partition());
      ObjectNode offsets = all.addObject().putObject("range").putObject(LakeLayout.KAFKA_OFFSET);
      offsets.put("gte", range.from()).put("lt", range.until());
    }
    return clauses;
  }

  private List<OffsetRange> notJudged() {
    List<OffsetRange> ranges = new ArrayList<>(owed);
    until
        .byTopic()
        .forEach(
            (topic, partitions) ->
                partitions.forEach(
                    (partition, next) ->
                        ranges.add(new OffsetRange(topic, partition, next, Long.MAX_VALUE))));
    return ranges;
  }
}
