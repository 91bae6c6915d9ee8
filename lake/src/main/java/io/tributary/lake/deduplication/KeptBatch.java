package io.tributary.lake.deduplication;

import io.tributary.lake.decode.DecodedRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * A batch that is decoded once and used twice: to find what is not new, and to write what is. In
 * memory as far as there is room, else on disk; what is lost with an executor is decoded again.
 */
public final class KeptBatch implements AutoCloseable {
  private final JavaRDD<Part> parts;

  private KeptBatch(JavaRDD<Part> parts) {
    this.parts = parts;
  }

  /** Keeps a batch from its first use on. */
  public static KeptBatch of(JavaRDD<DecodedRecord> records) {
    return new KeptBatch(
        records
            .mapPartitions(all -> List.of(Part.of(all)).iterator())
            .persist(StorageLevel.MEMORY_AND_DISK()));
  }

  public JavaRDD<DecodedRecord> records() {
    return parts.flatMap(part -> part.records().iterator());
  }

  /** One for each partition. */
  JavaRDD<BatchKeys> keys() {
    return parts.map(Part::keys);
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    parts.unpersist(false);
  }

  /**
   * A partition. One object with one list: of an array Spark estimates the size by a sample, of
   * single objects by walking through every one, which took a fifth of the batch.
   */
  private record Part(ArrayList<DecodedRecord> records, BatchKeys keys) implements Serializable {
    /** The keys are made while the records are still in the processor's cache. */
    static Part of(Iterator<DecodedRecord> all) {
      ArrayList<DecodedRecord> records = new ArrayList<>();
      BatchKeys keys = new BatchKeys();
      while (all.hasNext()) {
        DecodedRecord record = all.next();
        keys.add(record);
        records.add(record);
      }
      return new Part(records, keys);
    }
  }
}
