package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.lake.table.OffsetRange;
import io.tributary.lake.table.StreamCommit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AccountingTest {
  private final Accounting accounting = new Accounting();

  private static StreamCommit commit(
      long from, long until, long read, long rows, long duplicates, Map<String, Long> dead) {
    return StreamCommit.ofBatch(
        "lake",
        7,
        List.of(new OffsetRange("events", 0, from, until)),
        read,
        rows,
        duplicates,
        dead,
        0);
  }

  @Test
  void a_batch_whose_records_are_rows_duplicates_and_letters_is_right() {
    assertThat(accounting.check(commit(0, 12, 10, 6, 3, Map.of("empty", 1L)), 6)).isEmpty();
    assertThat(accounting.check(commit(12, 13, 1, 1, 0, Map.of()), 1)).isEmpty();
  }

  @Test
  void a_record_that_is_nothing_is_named() {
    assertThat(accounting.check(commit(0, 10, 10, 6, 3, Map.of()), 6))
        .contains("10 records were read, and 6 rows, 3 duplicates and 0 letters are 9");
  }

  @Test
  void rows_that_are_not_in_the_files_are_named() {
    assertThat(accounting.check(commit(0, 10, 10, 10, 0, Map.of()), 9))
        .contains("it says 10 rows, and its files have 9");
  }

  @Test
  void more_records_than_offsets_are_named() {
    assertThat(accounting.check(commit(0, 5, 10, 10, 0, Map.of()), 10))
        .contains("10 records were read out of 5 offsets");
  }

  @Test
  void a_batch_that_leaves_offsets_out_is_named() {
    accounting.check(commit(0, 5, 5, 5, 0, Map.of()), 5);

    assertThat(accounting.check(commit(6, 8, 2, 2, 0, Map.of()), 2))
        .contains("events-0 goes on at offset 6, and the commit before ended at 5");
  }

  @Test
  void a_batch_that_repeats_offsets_is_named() {
    accounting.check(commit(0, 5, 5, 5, 0, Map.of()), 5);

    assertThat(accounting.check(commit(4, 8, 4, 4, 0, Map.of()), 4))
        .contains("events-0 goes on at offset 4, and the commit before ended at 5");
  }
}
