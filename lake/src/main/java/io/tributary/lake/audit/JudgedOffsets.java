package io.tributary.lake.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.tributary.lake.index.EventSet;
import io.tributary.lake.index.Owed;
import io.tributary.lake.table.CommittedOffsets;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;

/**
 * Which rows a comparison judges while streams run: those that both queries have dealt with. A row
 * that the index query has not come to says nothing; neither does one whose document is known to be
 * owed. Imported events are on nobody's way, and judged unless they are owed.
 *
 * <p>Offsets alone do not tell: those of a topic that was made again begin anew. Only rows of files
 * that came after the index query's position are looked at by offset; all older ones are judged.
 *
 * @param version of {@code events} that this holds for; empty for the newest
 * @param until the next offset, by partition, that one of the queries has not dealt with
 * @param owed what the index query left out and has not filled yet
 * @param onTheirWay rows behind which the index query is
 * @param certainty whether the log told which rows these are
 */
public record JudgedOffsets(
    OptionalLong version,
    CommittedOffsets until,
    List<Owed> owed,
    List<OnTheirWay> onTheirWay,
    Certainty certainty) {

  /** How well the rows are known that are not judged. */
  public enum Certainty {
    /** They are those that the index query has not come to. */
    KNOWN,
    /**
     * They may also be old ones: the log does not tell where the index query is, and rows at
     * offsets past its position are left out, whenever they were written.
     */
    GUESSED
  }

  private static final String FILE_NAME = "_metadata.file_name";

  public JudgedOffsets {
    owed = List.copyOf(owed);
    onTheirWay = List.copyOf(onTheirWay);
  }

  /** Judges everything: nothing runs. */
  public static JudgedOffsets all() {
    return new JudgedOffsets(
        OptionalLong.empty(), CommittedOffsets.none(), List.of(), List.of(), Certainty.KNOWN);
  }

  /** The condition under which a row is judged. */
  Column rows() {
    Column open = lit(false);
    for (Owed debt : owed) {
      open = open.or(debt.events().rows());
    }
    for (OnTheirWay some : onTheirWay) {
      Column within = new EventSet.AtOffsets(some.ranges()).rows();
      open =
          open.or(
              some.files().isEmpty()
                  ? within
                  : within.and(col(FILE_NAME).isin(some.files().toArray())));
    }
    // An imported row has no offset, and no comparison with one is true.
    return not(coalesce(open, lit(false)));
  }

  /** The clauses of a query that match documents which are owed or not dealt with. */
  ArrayNode documentsNotSettled() {
    ArrayNode clauses = new BeyondPosition(until).documents();
    owed.forEach(debt -> clauses.addAll(debt.events().documents()));
    return clauses;
  }
}
