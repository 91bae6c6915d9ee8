package io.tributary.streaming;

import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.tributary.lake.table.LiveFile;
import io.tributary.lake.table.PartitionValues;
import io.tributary.lake.table.TableFiles;
import io.tributary.layout.LakeLayout;
import java.time.LocalDate;
import java.util.List;

/**
 * A UTC day of the lake.
 *
 * @param lakeRoot of a lake that need not be there
 */
record LakeDay(Engine engine, String lakeRoot, LocalDate day) {
  /** How many rows it has at least: a file that another writer added may not say. */
  long rows() {
    try {
      return new TableFiles(
              engine,
              TableManager.loadSnapshot(LakeLayout.table(lakeRoot, LakeLayout.EVENTS))
                  .build(engine))
          .in(List.of(PartitionValues.of(day))).stream()
              .map(LiveFile::records)
              .mapToLong(records -> records.orElse(0L))
              .sum();
    } catch (TableNotFoundException e) {
      return 0;
    }
  }
}
