package io.tributary.lake.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DigestMapProperties {
  record Entry(long hash, long digest) {}

  /** Any hashes, and many that want the same place. */
  @Provide
  Arbitrary<List<Entry>> entries() {
    Arbitrary<Long> crowded =
        Combinators.combine(
                Arbitraries.of(0L, 1L << 32, -1L << 32, Long.MIN_VALUE),
                Arbitraries.longs().between(0, 40))
            .as((high, low) -> high | low);
    return Combinators.combine(
            Arbitraries.oneOf(Arbitraries.longs(), crowded), Arbitraries.longs().greaterOrEqual(0))
        .as(Entry::new)
        .list()
        .ofMaxSize(400);
  }

  @Property(tries = 200)
  void holds_what_a_plain_map_holds(@ForAll("entries") List<Entry> entries) {
    DigestMap map = new DigestMap();
    Map<Long, Long> plain = new HashMap<>();
    for (Entry entry : entries) {
      plain.putIfAbsent(entry.hash(), entry.digest());
      map.add(entry.hash(), entry.digest());
    }

    assertThat(map.size()).isEqualTo(plain.size());
    assertThat(LongStream.of(map.hashes()).boxed())
        .containsExactlyInAnyOrderElementsOf(plain.keySet());
    plain.forEach((hash, digest) -> assertThat(map.get(hash)).isEqualTo(digest));
    for (Entry entry : entries) {
      long other = entry.hash() + 1;
      assertThat(map.get(other)).isEqualTo(plain.getOrDefault(other, KnownDay.NEW));
    }
  }

  /** As the shards of a batch do, each with the hashes that end in its bits. */
  @Property(tries = 20)
  void days_that_are_filled_by_several_threads_hold_every_event(@ForAll long seed) {
    long[] hashes = new java.util.SplittableRandom(seed).longs(20_000).toArray();
    ExactDay exact = new ExactDay();
    FilteredDay filtered = new FilteredDay(hashes.length);

    IntStream.range(0, 4)
        .parallel()
        .forEach(
            shard ->
                LongStream.of(hashes)
                    .filter(hash -> (hash & 3) == shard)
                    .forEach(
                        hash -> {
                          exact.add(hash, hash & Long.MAX_VALUE);
                          filtered.add(hash, hash & Long.MAX_VALUE);
                        }));

    assertThat(exact.events()).isEqualTo(LongStream.of(hashes).distinct().count());
    assertThat(filtered.events()).isEqualTo(hashes.length);
    for (long hash : hashes) {
      assertThat(exact.digest(hash)).isEqualTo(hash & Long.MAX_VALUE);
      assertThat(filtered.digest(hash)).isEqualTo(KnownDay.SUSPECT);
    }
  }

  @Property(tries = 5)
  void takes_at_most_30_bytes_an_event_once_there_are_many(@ForAll long seed) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
    ExactDay day = new ExactDay();
    for (int i = 0; i < 1_000_000; i++) {
      day.add(random.nextLong(), i);
    }

    assertThat(day.bytes()).isLessThan(ExactDay.bytesFor(day.events()));
    assertThat(day.bytes()).isLessThan(31L * day.events());
  }
}
