package io.tributary.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.event.RangeDigest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SidesTest {
  private static final RangeDigest OLD = RangeDigest.of(1_111_111_111_111L);
  private static final RangeDigest NEW = RangeDigest.of(2_222_222_222_222L);

  private static Sides sides(RowSums rows, RangeDigest all, RangeDigest settled) {
    return new Sides(rows, RowSums.NONE, new DocumentSums(all, settled));
  }

  @Test
  void rows_whose_documents_are_all_there_are_judged_even_if_they_might_be_on_their_way() {
    Sides sides = sides(new RowSums(OLD, NEW), OLD.plus(NEW), OLD);

    assertThat(sides.compared(Instant.EPOCH).agrees()).isTrue();
    assertThat(sides.compared(Instant.EPOCH).notJudged()).isZero();
  }

  @Test
  void a_row_on_its_way_is_no_difference_and_is_counted() {
    Sides sides = sides(new RowSums(OLD, NEW), OLD, OLD);

    assertThat(sides.compared(Instant.EPOCH).agrees()).isTrue();
    assertThat(sides.compared(Instant.EPOCH).notJudged()).isEqualTo(1);
  }

  @Test
  void a_document_ahead_of_the_lake_is_no_difference() {
    assertThat(sides(new RowSums(OLD, RangeDigest.NONE), OLD.plus(NEW), OLD).agree()).isTrue();
  }

  @Test
  void documents_of_an_old_topic_at_offsets_past_the_position_count() {
    assertThat(sides(new RowSums(OLD, RangeDigest.NONE), OLD, RangeDigest.NONE).agree()).isTrue();
    assertThat(
            sides(new RowSums(OLD, RangeDigest.NONE), RangeDigest.NONE, RangeDigest.NONE).agree())
        .isFalse();
  }
}
