package io.tributary.streaming;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.utils.CloseableIterator;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Whether the lake has any event: then an index that knows nothing is owed something. */
enum LakeContents {
  NOTHING,
  EVENTS;

  /** What the lake has now; a lake that is not there has nothing. */
  static LakeContents of(Engine engine, String lakeRoot) {
    String path = LakeLayout.table(lakeRoot, LakeLayout.EVENTS);
    Snapshot snapshot;
    try {
      snapshot = TableManager.loadSnapshot(path).build(engine);
    } catch (TableNotFoundException e) {
      return NOTHING;
    }
    try (CloseableIterator<FilteredColumnarBatch> files =
        snapshot.getScanBuilder().build().getScanFiles(engine)) {
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
