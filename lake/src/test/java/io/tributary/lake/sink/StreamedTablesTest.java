package io.tributary.lake.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.table.LakeEngine;
import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.SetAside;
import io.tributary.lake.table.StreamCommit;
import io.tributary.lake.table.Writer;
import io.tributary.lake.table.WrittenFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this build makes of a lake that an earlier build has left. */
class StreamedTablesTest {
  private static final String LETTERS = "dead_letters";

  private Path folder;
  private StreamedTables tables;

  @BeforeEach
  void open(@TempDir Path empty) {
    folder = empty;
    tables = reopened("topic-1");
  }

  /** As a job finds them that has taken them over. */
  private StreamedTables reopened(String topicId) {
    Configuration hadoop = new Configuration();
    StreamedTables opened =
        StreamedTables.open(LakeEngine.create(hadoop), hadoop, "file://" + folder, List.of());
    opened.takeOver(
        Writer.ofThisProcess(Clock.systemUTC()), List.of(), List.of(), Map.of("events", topicId));
    return opened;
  }

  private static StreamCommit batch(long from, long until) {
    return StreamCommit.ofBatch(
        "lake",
        1,
        List.of(new OffsetRange("events", 0, from, until)),
        until - from,
        0,
        0,
        Map.of("not_json", until - from),
        0);
  }

  private WrittenFile letters(String name) {
    return new WrittenFile(
        LETTERS, 16_962, folder.resolve(LETTERS).resolve(name).toString(), 9, 9, 1, "{}");
  }

  @Test
  void letters_that_an_earlier_build_has_set_aside_without_rows_are_told_at_every_take_over() {
    tables.events().append(List.of(), batch(0, 10));
    tables.letters().append(List.of(), batch(10, 17));
    assertThat(EarlierBuild.leftAside(reopened("topic-1")))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .contains(
                        "cut off before its rows",
                        "dead_letters of events-0 offsets 10 to 16.",
                        "scripts/dead-letters",
                        "by SIGTERM")
                    .doesNotContain("duplicates of"));

    StreamedTables next = reopened("topic-1");
    assertThat(EarlierBuild.leftAside(next)).isPresent();
    next.commit(List.of(), batch(10, 17), 7);

    assertThat(EarlierBuild.leftAside(reopened("topic-1"))).isEmpty();
  }

  @Test
  void of_what_an_earlier_build_has_finished_or_read_of_an_older_topic_nothing_is_told() {
    tables.letters().append(List.of(), batch(0, 10));
    tables.events().append(List.of(), batch(0, 10));
    assertThat(EarlierBuild.leftAside(reopened("topic-1"))).isEmpty();

    tables = reopened("topic-1");
    tables.duplicates().append(List.of(), batch(10, 12));
    assertThat(EarlierBuild.leftAside(reopened("topic-1"))).isPresent();
    assertThat(EarlierBuild.leftAside(reopened("topic-2"))).isEmpty();
  }

  @Test
  void of_what_is_taken_back_nothing_is_told() {
    tables
        .letters()
        .append(
            List.of(letters("cut-off.parquet")),
            batch(0, 5)
                .withAside(Map.of(LETTERS, List.of(SetAside.of(letters("cut-off.parquet"))))));

    StreamedTables next = reopened("topic-1");
    assertThat(EarlierBuild.leftAside(next)).isEmpty();
    next.takeBackWhatWasCutOff(Clock.systemUTC());

    assertThat(next.letters().aside(LETTERS)).isEmpty();
    assertThat(EarlierBuild.leftAside(reopened("topic-1"))).isEmpty();
  }

  @Test
  void letters_of_a_finished_batch_stay_whether_its_rows_name_one_file_of_them_or_all() {
    List<WrittenFile> files = List.of(letters("one.parquet"), letters("two.parquet"));
    Map<String, List<SetAside>> all = Map.of(LETTERS, files.stream().map(SetAside::of).toList());
    tables.letters().append(files, batch(0, 5).withAside(all));
    tables.events().append(List.of(), batch(0, 5).withAside(all));
    StreamedTables next = reopened("topic-1");
    long before = next.letters().version();

    next.takeBackWhatWasCutOff(Clock.systemUTC());

    assertThat(next.letters().version()).isEqualTo(before);
    assertThat(next.letters().aside(LETTERS)).hasSize(2);
  }
}
