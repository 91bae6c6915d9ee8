package io.tributary.benchmark;

import io.delta.kernel.defaults.engine.DefaultEngine;
import io.tributary.event.Decoded;
import io.tributary.lake.decode.DecodeRecords;
import io.tributary.lake.decode.DecodedRecord;
import io.tributary.lake.table.DataFiles;
import io.tributary.lake.table.EventRow;
import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.StreamTable;
import io.tributary.lake.table.TableLayouts;
import io.tributary.lake.table.WrittenFile;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The lake sink with nothing of deduplication: decodes, writes and commits by the same classes,
 * takes every event for new, and so reads the batch only once and keeps none of it. Only for
 * measuring what deduplication costs.
 */
final class WithoutDeduplication {
  private static final int ROWS_A_FILE = 50_000;

  private final DecodeRecords decode = new DecodeRecords(List.of());
  private final SerializableConfiguration hadoop;
  private final StreamTable<EventRow> events;
  private final String lakeRoot;

  WithoutDeduplication(SparkSession spark, String lakeRoot) {
    Configuration configuration = new Configuration(spark.sparkContext().hadoopConfiguration());
    configuration.set("parquet.compression", "zstd");
    configuration.setInt("parquet.dictionary.page.size", 64 * 1024);
    this.hadoop = new SerializableConfiguration(configuration);
    this.events =
        StreamTable.open(
            LakeEngine.create(configuration),
            configuration,
            lakeRoot,
            TableLayouts.events(List.of()),
            "lake");
    this.lakeRoot = lakeRoot;
  }

  void write(Dataset<Row> records, long batch, List<OffsetRange> ranges) {
    long read = ranges.stream().mapToLong(OffsetRange::size).sum();
    JavaRDD<DecodedRecord> decoded = decode.apply(records);
    List<WrittenFile> files =
        decoded
            .coalesce(
                (int) Math.min(decoded.getNumPartitions(), (read + ROWS_A_FILE - 1) / ROWS_A_FILE))
            .mapPartitions(new EventFiles(lakeRoot, hadoop))
            .collect();
    events.append(files, StreamCommit.ofBatch("lake", batch, ranges, read, read, 0, Map.of(), 0));
  }

  private record EventFiles(String lakeRoot, SerializableConfiguration hadoop)
      implements FlatMapFunction<Iterator<DecodedRecord>, WrittenFile> {
    @Override
    public Iterator<WrittenFile> call(Iterator<DecodedRecord> records) {
      DataFiles<EventRow> events = new DataFiles<>(TableLayouts.events(List.of()));
      records.forEachRemaining(
          record -> {
            if (record.outcome() instanceof Decoded.Accepted accepted) {
              events.add(new EventRow(record.kafka(), accepted));
            }
          });
      return events.write(DefaultEngine.create(hadoop.value()), lakeRoot).iterator();
    }
  }
}
