package io.tributary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WaitingHoursProperties {
  private static final int HOURS = 4_000;
  private static final int A_TURN = 24;

  /** Is judged at whatever version. */
  private static final long ASKED_FOR = Long.MIN_VALUE;

  private static Instant hour(int number) {
    return Instant.parse("2016-06-10T00:00:00Z").plus(number, ChronoUnit.HOURS);
  }

  /** What happens to a line. */
  enum Deed {
    COMMIT,
    IMPORT,
    JUDGED,
    JUDGED_AT_AN_OLDER_VERSION,
    POSTPONED,
    FAILED,
    DAY_ASKED_FOR,
    MANY_COMMITS,
    RESTART
  }

  record Happening(Deed deed, int number) {}

  @Provide
  Arbitrary<List<Happening>> happenings() {
    return Combinators.combine(
            Arbitraries.of(Deed.class), Arbitraries.integers().between(0, HOURS - 1))
        .as(Happening::new)
        .list()
        .ofMaxSize(120);
  }

  /** A line, beside all that was written to {@code events} and what of it is not judged. */
  private static final class Job {
    private final TreeMap<Long, List<Instant>> commits = new TreeMap<>();

    /** By hour, the newest version of which not all is judged. */
    private final Map<Instant, Long> open = new HashMap<>();

    private long newest = -1;
    private WaitingHours line = WaitingHours.at(ViewPosition.START);

    void commit(List<Instant> hours) {
      newest++;
      commits.put(newest, hours);
      note(newest);
      hours.forEach(hour -> open.put(hour, newest));
    }

    private void note(long version) {
      commits.getOrDefault(version, List.of()).forEach(hour -> line.touched(hour, version));
      line.notedUpTo(version);
    }

    void judge(Instant hour, long asOf) {
      line.judged(hour, asOf);
      open.computeIfPresent(hour, (same, last) -> last > asOf ? last : null);
    }

    void restart() {
      line = WaitingHours.at(ViewPosition.fromJson(line.position().json()));
      for (long version = line.noted() + 1; version <= newest; version++) {
        note(version);
      }
    }

    void happens(Happening happening) {
      int number = happening.number();
      switch (happening.deed()) {
        case COMMIT -> commit(List.of(hour(number)));
        case IMPORT -> {
          List<Instant> hours = new ArrayList<>();
          for (int i = number; i < HOURS; i += 2) {
            hours.add(hour(i));
          }
          commit(hours);
        }
        case JUDGED -> line.next(A_TURN).forEach(hour -> judge(hour, newest));
        case JUDGED_AT_AN_OLDER_VERSION ->
            line.next(A_TURN).forEach(hour -> judge(hour, newest - number % 5));
        case POSTPONED -> line.next(A_TURN).forEach(line::postponed);
        case FAILED -> line.next(A_TURN).forEach(line::failed);
        case DAY_ASKED_FOR -> {
          line.restOfDay(hour(number), Math.max(0, newest));
          Instant day = hour(number).truncatedTo(ChronoUnit.DAYS);
          for (int i = 0; i < 24; i++) {
            Instant other = day.plus(i, ChronoUnit.HOURS);
            if (!other.equals(hour(number))) {
              open.putIfAbsent(other, ASKED_FOR);
            }
          }
        }
        case MANY_COMMITS -> {
          newest += number;
          line.notedUpTo(newest);
        }
        case RESTART -> restart();
      }
    }
  }

  @Property(tries = 100)
  void a_later_job_has_every_hour_in_line_of_which_something_is_not_judged(
      @ForAll("happenings") List<Happening> happenings) {
    Job job = new Job();
    for (Happening happening : happenings) {
      job.happens(happening);
    }

    long reached = job.line.position().eventsVersion();
    job.restart();

    assertThat(new TreeSet<>(job.line.next(Integer.MAX_VALUE))).containsAll(job.open.keySet());
    if (job.newest > WaitingHours.MOST_COMMITS_UNNAMED) {
      assertThat(reached).isGreaterThanOrEqualTo(job.newest - WaitingHours.MOST_COMMITS_UNNAMED);
    }
  }

  @Property(tries = 20)
  void every_hour_gets_its_turn_however_much_is_written_to_others(
      @ForAll("happenings") List<Happening> happenings) {
    Job job = new Job();
    for (Happening happening : happenings) {
      job.happens(happening);
    }
    Set<Instant> notCompared = new TreeSet<>(job.line.next(Integer.MAX_VALUE));
    int turns = notCompared.size() / (A_TURN / 2) + 1;

    for (int turn = 0; turn < turns; turn++) {
      job.commit(List.of(hour(HOURS + turn), hour(HOURS), hour(1)));
      for (Instant hour : job.line.next(A_TURN)) {
        notCompared.remove(hour);
        job.line.postponed(hour);
      }
    }

    assertThat(notCompared).isEmpty();
  }
}
