package io.tributary.lake.deduplication;

import com.google.common.collect.AbstractIterator;
import io.tributary.lake.decode.DecodedRecord;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.KnownSizeEstimation;
import org.apache.spark.util.SizeEstimator;
import org.jspecify.annotations.Nullable;

/**
 * A batch that is decoded once and used twice: to find what is not new, and to write what is. In
 * memory as far as there is room, else on disk; what is lost with an executor is decoded again.
 */
public final class KeptBatch implements AutoCloseable {
  /** Of the records' values. A part takes about three times as much, and each task is at one. */
  private static final long PART_BYTES = 4 << 20;

  private final JavaRDD<Part> parts;

  private KeptBatch(JavaRDD<Part> parts) {
    this.parts = parts;
  }

  /** Keeps a batch from its first use on. */
  public static KeptBatch of(JavaRDD<DecodedRecord> records) {
    return new KeptBatch(records.mapPartitions(Parts::new).persist(StorageLevel.MEMORY_AND_DISK()));
  }

  public JavaRDD<DecodedRecord> records() {
    return parts.flatMap(part -> part.records().iterator());
  }

  /** At least one for each partition with records, each of consecutive ones. */
  JavaRDD<BatchKeys> keys() {
    return parts.map(Part::keys);
  }

  /** Gives the memory back. */
  @Override
  public void close() {
    parts.unpersist(false);
  }

  /**
   * Some records of a partition. One object with one list: of an array Spark estimates the size by
   * a sample, of single objects by walking through every one, which took a fifth of the batch.
   *
   * @param estimatedSize in memory, estimated once; Spark asks with each part for all before it
   */
  private record Part(ArrayList<DecodedRecord> records, BatchKeys keys, long estimatedSize)
      implements Serializable, KnownSizeEstimation {
    Part(ArrayList<DecodedRecord> records, BatchKeys keys) {
      this(records, keys, SizeEstimator.estimate(records) + SizeEstimator.estimate(keys));
    }
  }

  /**
   * The parts of a partition, made one at a time: between two of them Spark looks whether there is
   * memory for what it keeps, and goes on to disk when there is not.
   */
  private static final class Parts extends AbstractIterator<Part> {
    private final Iterator<DecodedRecord> all;

    Parts(Iterator<DecodedRecord> all) {
      this.all = all;
    }

    /** The keys are made while the records are still in the processor's cache. */
    @Override
    protected @Nullable Part computeNext() {
      if (!all.hasNext()) {
        return endOfData();
      }
      ArrayList<DecodedRecord> records = new ArrayList<>();
      BatchKeys.Builder keys = new BatchKeys.Builder();
      for (long bytes = 0; bytes < PART_BYTES && all.hasNext(); ) {
        DecodedRecord record = all.next();
        keys.add(record);
        records.add(record);
        bytes += record.raw().length;
      }
      return new Part(records, keys.build());
    }
  }
}
