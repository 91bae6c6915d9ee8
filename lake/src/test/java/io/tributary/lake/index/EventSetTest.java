package io.tributary.lake.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.TestSpark;
import io.tributary.layout.LakeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventSetTest {
  private static final LocalDate FIRST = LocalDate.parse("2016-06-10");

  private final SparkSession spark = TestSpark.session();

  /** Events of some days, by partitions as in the lake, each named by its day. */
  private Dataset<Row> events(Path table, LocalDate... days) {
    spark
        .createDataset(Stream.of(days).map(LocalDate::toString).toList(), Encoders.STRING())
        .selectExpr(
            "value AS event_id",
            "year(value) AS year",
            "month(value) AS month",
            "day(value) AS day",
            "1 AS hour")
        .write()
        .format("delta")
        .partitionBy(LakeLayout.YEAR, LakeLayout.MONTH, LakeLayout.DAY, LakeLayout.HOUR)
        .save(table.toString());
    return spark.read().format("delta").load(table.toString());
  }

  private static List<String> names(Dataset<Row> events, List<LocalDate> days) {
    return events
        .where(new EventSet.OnDays(days).rows())
        .select(LakeLayout.EVENT_ID)
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static void deleteFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void however_many_days_are_asked_for_no_file_of_another_day_is_opened(@TempDir Path folder)
      throws IOException {
    Path table = folder.resolve("events");
    LocalDate last = FIRST.plusDays(1_999);
    Dataset<Row> events =
        events(table, FIRST, last, FIRST.minusDays(1), FIRST.plusYears(100), last.plusDays(1));
    List<LocalDate> days = Stream.iterate(FIRST, day -> day.plusDays(1)).limit(2_000).toList();
    assertThat(names(events, days)).containsExactly(FIRST.toString(), last.toString());

    deleteFiles(table.resolve("year=2016/month=6/day=9"));
    deleteFiles(table.resolve("year=2116"));
    deleteFiles(
        table.resolve(
            "year=%d/month=%d/day=%d"
                .formatted(
                    last.getYear(),
                    last.plusDays(1).getMonthValue(),
                    last.plusDays(1).getDayOfMonth())));

    assertThat(names(events, days)).containsExactly(FIRST.toString(), last.toString());
  }

  @Test
  void of_no_days_there_are_no_events(@TempDir Path folder) {
    assertThat(names(events(folder.resolve("events"), FIRST), List.of())).isEmpty();
  }
}
