package io.tributary.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class RangeDigestProperties {
  private static RangeDigest sum(List<Long> digests) {
    return digests.stream().map(RangeDigest::of).reduce(RangeDigest.NONE, RangeDigest::plus);
  }

  @Property
  void a_range_cut_in_two_has_the_digest_of_the_whole(
      @ForAll List<@LongRange(min = 0) Long> digests, @ForAll @LongRange(min = 0) long cut) {
    int at = digests.isEmpty() ? 0 : (int) (cut % digests.size());
    RangeDigest first = sum(digests.subList(0, at));
    RangeDigest second = sum(digests.subList(at, digests.size()));

    assertThat(first.plus(second)).isEqualTo(sum(digests));
    assertThat(sum(digests).minus(second)).isEqualTo(first);
  }

  @Property
  void one_event_more_changes_the_digest(
      @ForAll List<@LongRange(min = 0) Long> digests, @ForAll @LongRange(min = 0) long more) {
    assertThat(sum(digests).plus(RangeDigest.of(more))).isNotEqualTo(sum(digests));
  }
}
