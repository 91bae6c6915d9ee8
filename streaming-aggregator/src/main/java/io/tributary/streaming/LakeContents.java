package io.tributary.streaming;

import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.expressions.And;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.utils.CloseableIterator;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.UnaryOperator;

/** Whether the lake has any event: then an index that knows nothing is owed something. */
enum LakeContents {
  NOTHING,
  EVENTS;

  /** What the lake has now; a lake that is not there has nothing. */
  static LakeContents of(Engine engine, String lakeRoot) {
    return of(engine, lakeRoot, scan -> scan);
  }

  /** What it has of a UTC day. */
  static LakeContents of(Engine engine, String lakeRoot, LocalDate day) {
    Predicate ofDay =
        new And(
            new And(is(LakeLayout.YEAR, day.getYear()), is(LakeLayout.MONTH, day.getMonthValue())),
            is(LakeLayout.DAY, day.getDayOfMonth()));
    return of(engine, lakeRoot, scan -> scan.withFilter(ofDay));
  }

  private static Predicate is(String column, int value) {
    return new Predicate("=", List.of(new Column(column), Literal.ofInt(value)));
  }

  private static LakeContents of(Engine engine, String lakeRoot, UnaryOperator<ScanBuilder> part) {
    String path = LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
    Snapshot snapshot;
    try {
      snapshot = TableManager.loadSnapshot(path).build(engine);
    } catch (TableNotFoundException e) {
      return NOTHING;
    }
    try (CloseableIterator<FilteredColumnarBatch> files =
        part.apply(snapshot.getScanBuilder()).build().getScanFiles(engine)) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> rows = files.next().getRows()) {
          if (rows.hasNext()) {
            return EVENTS;
          }
        }
      }
      return NOTHING;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read the log of %s: %s. Check that the lake is reachable."
              .formatted(path, e.getMessage()),
          e);
    }
  }
}
