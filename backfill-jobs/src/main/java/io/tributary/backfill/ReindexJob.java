package io.tributary.backfill;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.make_timestamp;

import io.tributary.lake.ledger.Ledger;
import io.tributary.lake.reindex.Existing;
import io.tributary.lake.reindex.Reindex;
import io.tributary.lake.table.LedgerRow;
import io.tributary.layout.LakeLayout;
import io.tributary.time.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the documents of whole hours again, newest first. */
record ReindexJob(TimeRange range) implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(ReindexJob.class);

  /** Hours are written together up to so many rows: a Spark job for each would cost more. */
  private static final long ROWS_AT_A_TIME = 500_000;

  @Override
  public String name() {
    return "reindex";
  }

  @Override
  public Map<String, Object> arguments() {
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("from", Times.from(range));
    arguments.put("to", Times.to(range));
    return arguments;
  }

  @Override
  public Outcome plan(Workplace workplace) {
    List<Portion> portions = portions(events(workplace));
    long rows = portions.stream().mapToLong(Portion::rows).sum();
    long hours = portions.stream().mapToLong(Portion::hours).sum();
    return new Outcome(
        Outcome.State.DONE,
        List.of(
            "Would write %d documents of %d hours, replacing those that are there. Nothing was touched."
                .formatted(rows, hours)),
        Map.of("hours", hours, "rows", rows));
  }

  @Override
  public Outcome run(Workplace workplace) throws IOException, StoppedException {
    workplace.installTemplates();
    Dataset<Row> events = events(workplace);
    List<Portion> portions = portions(events);
    long all = portions.stream().mapToLong(Portion::rows).sum();
    long written = 0;
    long refused = 0;
    long letters = 0;
    Reindex reindex = workplace.reindex();
    Ledger ledger = Ledger.open(workplace.engine(), workplace.lakeRoot());
    for (Portion portion : portions) {
      workplace.stopIfTold(
          "start it with --to " + portion.until() + ": everything from there on is written");
      Reindex.Reindexed done = reindex.write(events.where(portion.condition()), Existing.REPLACED);
      letters += workplace.keep(done.refused());
      written += portion.rows() - done.refused().size();
      refused += done.refused().size();
      ledger.append(
          List.of(
              LedgerRow.repair(
                  workplace.clock().instant(),
                  workplace.run(),
                  name(),
                  portion.from(),
                  portion.rows() - done.refused().size(),
                  done.refused().size(),
                  Map.of("until", portion.until().toString()))));
      LOG.info(
          "{} to {}: wrote {} documents, {} refused; {} of {} done",
          portion.from(),
          portion.until(),
          portion.rows() - done.refused().size(),
          done.refused().size(),
          written + refused,
          all);
    }
    return outcome(portions, written, refused, letters);
  }

  private static Outcome outcome(List<Portion> portions, long written, long refused, long letters) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("hours", portions.stream().mapToLong(Portion::hours).sum());
    figures.put("written", written);
    figures.put("refused", refused);
    figures.put("letters_added", letters);
    return new Outcome(
        Outcome.State.DONE,
        List.of(
            "Wrote %d documents of %d hours; %d were refused, %d letters are new."
                .formatted(
                    written, portions.stream().mapToLong(Portion::hours).sum(), refused, letters)),
        figures);
  }

  private Dataset<Row> events(Workplace workplace) {
    return workplace
        .spark()
        .read()
        .format("delta")
        .load(workplace.eventsPath())
        .where(hour().geq(lit(Times.instant(range.startMicros()))))
        .where(hour().lt(lit(Times.instant(range.endMicros()))));
  }

  /** The hour of a row, of its partition columns alone, so that other hours are not even opened. */
  private static Column hour() {
    return make_timestamp(
        col(LakeLayout.YEAR),
        col(LakeLayout.MONTH),
        col(LakeLayout.DAY),
        col(LakeLayout.HOUR),
        lit(0),
        lit(0),
        lit("UTC"));
  }

  /** The hours that hold anything, newest first, joined into portions. */
  private static List<Portion> portions(Dataset<Row> events) {
    List<Portion> portions = new ArrayList<>();
    for (Row row :
        events.groupBy(hour().as("start")).count().orderBy(col("start").desc()).collectAsList()) {
      Portion hour = Portion.of(instant(row), row.getLong(1));
      int last = portions.size() - 1;
      if (last >= 0 && portions.get(last).rows() + hour.rows() <= ROWS_AT_A_TIME) {
        portions.set(last, portions.get(last).plusEarlier(hour));
      } else {
        portions.add(hour);
      }
    }
    return portions;
  }

  private static Instant instant(Row row) {
    Object start = row.get(0);
    return start instanceof java.sql.Timestamp timestamp ? timestamp.toInstant() : (Instant) start;
  }

  /**
   * Some hours.
   *
   * @param from the start of the earliest
   * @param until the end of the latest, not in it
   */
  private record Portion(Instant from, Instant until, long hours, long rows) {
    private static final long SECONDS_AN_HOUR = 3_600;

    static Portion of(Instant hour, long rows) {
      return new Portion(hour, hour.plusSeconds(SECONDS_AN_HOUR), 1, rows);
    }

    Portion plusEarlier(Portion earlier) {
      return new Portion(earlier.from, until, hours + earlier.hours, rows + earlier.rows);
    }

    Column condition() {
      return hour().geq(lit(from)).and(hour().lt(lit(until)));
    }
  }
}
