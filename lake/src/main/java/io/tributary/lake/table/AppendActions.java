package io.tributary.lake.table;

import io.delta.kernel.DataWriteContext;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.statistics.DataFileStatistics;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.DataFileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a commit says of the files that it adds. */
final class AppendActions {
  private AppendActions() {}

  /** The actions that make written files part of the transaction's table. */
  static CloseableIterable<Row> of(
      Engine engine, TableLayout<?> layout, Transaction transaction, List<WrittenFile> files) {
    Row state = transaction.getTransactionState(engine);
    Map<Long, List<WrittenFile>> byPartition =
        files.stream()
            .collect(
                Collectors.groupingBy(WrittenFile::partition, TreeMap::new, Collectors.toList()));
    List<Row> actions = new ArrayList<>();
    byPartition.forEach(
        (partition, written) -> {
          DataWriteContext context =
              Transaction.getWriteContext(engine, state, layout.partitioning().values(partition));
          try (CloseableIterator<Row> added =
              Transaction.generateAppendActions(
                  engine, state, statuses(written, layout.fileSchema()), context)) {
            added.forEachRemaining(actions::add);
          } catch (IOException e) {
            throw new UncheckedIOException(
                "Cannot add files to %s: %s".formatted(layout.name(), e.getMessage()), e);
          }
        });
    return CloseableIterable.inMemoryIterable(each(actions));
  }

  private static CloseableIterator<DataFileStatus> statuses(
      List<WrittenFile> files, StructType schema) {
    return each(
        files.stream()
            .map(
                file ->
                    new DataFileStatus(
                        file.path(),
                        file.bytes(),
                        file.modifiedMillis(),
                        DataFileStatistics.deserializeFromJson(file.statistics(), schema)))
            .toList());
  }

  /** One after the other, as Delta wants them. */
  static <E> CloseableIterator<E> each(List<E> elements) {
    Iterator<E> iterator = elements.iterator();
    return new CloseableIterator<>() {
      @Override
      public boolean hasNext() {
        return iterator.hasNext();
      }

      @Override
      public E next() {
        return iterator.next();
      }

      @Override
      public void close() {}
    };
  }
}
