package io.tributary.lake.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.KafkaRecord;
import io.tributary.lake.LakeTables;
import io.tributary.lake.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.spark.sql.SparkSession;

class LakeSinkProperties {
  private final SparkSession spark = TestSpark.session();

  /** What is done with the next records of the input. */
  record Step(int records, int times, Restart restart) {}

  enum Restart {
    NONE,
    BEFORE,
    BETWEEN
  }

  @Provide
  Arbitrary<List<String>> inputs() {
    Arbitrary<String> events =
        Combinators.combine(
                Arbitraries.of("a", "b", "c", "d"),
                Arbitraries.of("2016-06-09T23:59:00Z", "2016-06-10T00:00:00Z"),
                Arbitraries.of(1, 1, 1, 2))
            .as(KafkaRecord::event);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(6, events), net.jqwik.api.Tuple.of(1, Arbitraries.just("bad")))
        .list()
        .ofMinSize(12)
        .ofMaxSize(24);
  }

  @Provide
  Arbitrary<List<Step>> splits() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 12),
            Arbitraries.of(1, 1, 2),
            Arbitraries.of(Restart.class))
        .as(Step::new)
        .list()
        .ofSize(5);
  }

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void however_the_input_is_split_and_repeated_the_tables_are_the_same(
      @ForAll("inputs") List<String> input, @ForAll("splits") List<Step> steps) throws IOException {
    Path folder = Files.createTempDirectory("tributary-lake-");
    try {
      LakeTables lake = new LakeTables(folder.resolve("lake"));
      write(lake, input, steps);
      Expected expected = Expected.of(input);
      assertThat(lake.rows()).isEqualTo(expected.rows());
      assertThat(lake.duplicates()).isEqualTo(expected.duplicates());
      assertThat(lake.letters()).isEqualTo(expected.letters());
    } finally {
      delete(folder);
    }
  }

  private void write(LakeTables lake, List<String> input, List<Step> steps) {
    LakeSink sink = open(lake);
    int next = 0;
    for (int step = 0; next < input.size(); step++) {
      Step what = steps.get(step % steps.size());
      List<KafkaRecord> records = new ArrayList<>();
      for (int i = next; i < Math.min(input.size(), next + what.records()); i++) {
        records.add(KafkaRecord.at(i, input.get(i)));
      }
      next += records.size();
      if (what.restart() == Restart.BEFORE) {
        sink.close();
        sink = open(lake);
      }
      for (int time = 0; time < what.times(); time++) {
        if (time > 0 && what.restart() == Restart.BETWEEN) {
          sink.close();
          sink = open(lake);
        }
        sink.write(
            KafkaRecord.batch(spark, records),
            step,
            KafkaRecord.ranges(records),
            LakeSink.ReadCheck.NONE);
      }
    }
    sink.close();
  }

  private LakeSink open(LakeTables lake) {
    return LakeSink.open(spark, lake.uri(), List.of(), 3, 3);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** The law in a few lines: the first record of an id and day is the row. */
  private record Expected(List<String> rows, List<String> duplicates, List<String> letters) {
    static Expected of(List<String> input) {
      Map<String, String> first = new HashMap<>();
      Expected expected = new Expected(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      for (int offset = 0; offset < input.size(); offset++) {
        String record = input.get(offset);
        if (record.equals("bad")) {
          expected.letters.add("not_json@0:" + offset);
          continue;
        }
        String id = record.substring(13, 14);
        String identity = id + record.substring(record.indexOf("2016"), record.indexOf('T'));
        String row = first.putIfAbsent(identity, record);
        if (row == null) {
          expected.rows.add(id + "@0:" + offset);
        } else if (row.equals(record)) {
          expected.duplicates.add(id + "@0:" + offset);
        } else {
          expected.letters.add("id_conflict@0:" + offset);
        }
      }
      Collections.sort(expected.rows);
      Collections.sort(expected.duplicates);
      Collections.sort(expected.letters);
      return expected;
    }
  }
}
