package io.tributary.lake.ledger;

import io.delta.kernel.engine.Engine;
import io.tributary.lake.table.BlindAppend;
import io.tributary.lake.table.LedgerRow;
import io.tributary.lake.table.TableLayouts;
import io.tributary.layout.LakeLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The table {@code ledger}. The stream and any number of jobs add to it at the same time; nobody
 * changes or deletes what is in it.
 */
public final class Ledger {
  /** About a row of commits an hour: a log checkpoint of so small a table takes no second. */
  private static final Map<String, String> PROPERTIES =
      Map.of("delta.checkpointInterval", "50", "delta.feature.domainMetadata", "supported");

  private static final String DOMAIN_PREFIX = "tributary.";

  private final BlindAppend<LedgerRow> table;

  private Ledger(BlindAppend<LedgerRow> table) {
    this.table = table;
  }

  /** Opens the ledger of a lake, making it when it is not there. */
  public static Ledger open(Engine engine, String lakeRoot) {
    BlindAppend<LedgerRow> table =
        new BlindAppend<>(engine, lakeRoot, TableLayouts.ledger(), PROPERTIES);
    table.createIfAbsent();
    return new Ledger(table);
  }

  /** Adds rows, all in one commit; nothing when there are none. */
  public void append(List<LedgerRow> rows) {
    table.append(rows);
  }

  /**
   * Adds rows and says, in the same commit, how far their writer has come; nothing when there are
   * no rows.
   *
   * @param writer whose position it is, a name that no other uses
   * @param from the position before, as {@link #position} gave it
   * @param to the position after, any text
   * @return false when the position was another one, because somebody else writes for it, too; then
   *     nothing was added
   */
  public boolean append(List<LedgerRow> rows, String writer, Optional<String> from, String to) {
    return table.append(rows, new BlindAppend.DomainChange(DOMAIN_PREFIX + writer, from, to));
  }

  /**
   * Says how far a writer has come, without rows.
   *
   * @return false when the position was another one than {@code from}; then it is left as it is
   */
  public boolean advance(String writer, Optional<String> from, String to) {
    return table.change(new BlindAppend.DomainChange(DOMAIN_PREFIX + writer, from, to));
  }

  /** What a writer last said of its position; empty when it never did. */
  public Optional<String> position(String writer) {
    return table.domain(DOMAIN_PREFIX + writer);
  }

  /** All rows as they are now. */
  public static Dataset<Row> read(SparkSession spark, String lakeRoot) {
    return spark.read().format("delta").load(LakeLayout.table(lakeRoot, LakeLayout.LEDGER));
  }
}
